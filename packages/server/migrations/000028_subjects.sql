-- Whose records these are is asked by account as it is by number.
create index call_account on call (account_index, started_at) where account_index is not null;

-- Accounts that were closed, as they were told.
create table account_closure (
  id uuid primary key,
  -- keyed hash of the reference by which it was told: a reference can hold a number
  reference_digest bytea not null unique,
  -- the same of all that was told: told again, it is the same or it is not
  content_digest bytea not null,
  -- reference, source system, account and phone, under a key of the key folder
  sealed bytea not null,
  closed_on date not null,
  told_by text not null,
  told_at timestamptz not null,
  -- how far the walk over the account's records has come
  reached_at timestamptz,
  reached_id uuid,
  walked_at timestamptz
);

-- What persons asked for: a copy, a correction, an erasure.
create table subject_request (
  id uuid primary key,
  kind text not null check (kind in ('copy','correction','erasure')),
  state text not null check (state in ('received','granted','refused','done','withdrawn')),
  -- phone, account, how it was checked who asks, what is wanted; under a key of the key folder
  sealed bytea not null,
  received_on date not null,
  -- the last day on which it is answered in time
  answer_by date not null,
  entered_by text not null,
  entered_person text not null,
  entered_at timestamptz not null,
  extended_by text,
  extended_at timestamptz,
  sealed_extension bytea,
  decided_by text,
  decided_at timestamptz,
  sealed_decision bytea,
  withdrawn_by text,
  withdrawn_at timestamptz,
  sealed_withdrawal bytea,
  -- of a copy: when it was taken, which is once; of a correction: what stood there before
  copied_at timestamptz,
  sealed_outcome bytea,
  ended_at timestamptz,
  reached_at timestamptz,
  reached_id uuid,
  told_due_at timestamptz,
  told_overdue_at timestamptz
);
create index subject_request_open on subject_request (answer_by) where state in ('received','granted');

-- Whose calls are restricted when they arrive later: keyed hashes of a number or an account.
create table person_watch (
  watched bytea not null,
  cause_id uuid not null,
  kind text not null check (kind in ('closure','erasure')),
  -- only calls that began before; null for all
  before timestamptz,
  -- not calls that name another account
  bound boolean not null,
  primary key (watched, cause_id)
);
create index person_watch_cause on person_watch (cause_id);

do $$
declare
  name text;
begin
  foreach name in array array['account_closure', 'subject_request', 'person_watch'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
