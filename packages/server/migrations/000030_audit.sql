-- Compliance audits: each run, what each of its checks looked at, and what it found.
create table audit_run (
  id uuid primary key,
  -- the account, or `archive` for one by schedule
  begun_by text not null,
  -- the month of one by schedule, 'YYYY-MM': one run a month, whichever process begins it
  scheduled_for text unique,
  -- what is judged is what was so then
  as_of timestamptz not null,
  -- hex; samples are drawn by it
  seed text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('passed','failed')),
  figures jsonb,
  -- of the sealed report at the sites, as the ledger has it
  report_key text,
  report_sha256 text
);
create index audit_run_started on audit_run (started_at desc);

create table audit_check (
  run_id uuid not null,
  check_id text not null,
  outcome text not null check (outcome in ('passed','noted','failed','not-run')),
  -- why it did not run: an error code
  code text,
  looked bigint not null,
  findings integer not null,
  took_ms integer not null,
  ended_at timestamptz not null,
  primary key (run_id, check_id)
);

create table audit_finding (
  id uuid primary key,
  run_id uuid not null,
  -- within its run, in the order in which they were found
  number integer not null,
  check_id text not null,
  code text not null,
  severity text not null check (severity in ('low','medium','high','critical')),
  subject_kind text not null,
  subject text not null,
  site text,
  detail jsonb not null,
  -- the same for the same thing in every run
  mark text not null,
  state text not null check (state in ('open','fixed','accepted')),
  state_at timestamptz not null,
  -- who asked to have it accepted, and the second person who did
  asked_by text,
  asked_person text,
  asked_at timestamptz,
  accepted_by text,
  accepted_until timestamptz,
  -- why, under a key of the key folder
  sealed_reason bytea
);
create unique index audit_finding_run on audit_finding (run_id, number);
create index audit_finding_mark on audit_finding (mark, state);

-- What the law wants to be written down: impact assessments, bases of consent, contracts with
-- processors, and the country of each site.
create table register_entry (
  id uuid primary key,
  kind text not null
    check (kind in ('impact_assessment','consent_basis','processor_contract','site_country')),
  -- title and remarks, under a key of the key folder
  sealed bytea not null,
  -- a site for its country or its processor; otherwise a token, or nothing
  subject text,
  -- ISO 3166-1, of a site
  country text,
  valid_from date not null,
  review_by date not null,
  -- hex SHA-256 of the document, which lies elsewhere
  document_sha256 text not null,
  entered_by text not null,
  entered_at timestamptz not null,
  ended_by text,
  ended_at timestamptz
);
create index register_entry_kind on register_entry (kind, review_by) where ended_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['audit_run', 'audit_check', 'audit_finding', 'register_entry'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
