-- Rehearsals of a recovery, one row each: from which site, how long it took, and what it would have lost.
create table drill_report (
  id uuid primary key,
  site text not null,
  kind text not null check (kind in ('sample','whole')),
  -- the account, or `archive` for one by schedule
  begun_by text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('ok','slow','failed','broken-off')),
  code text,
  figures jsonb
);
create index drill_report_started on drill_report (started_at desc);
select voxkeep_keep('drill_report');

-- For how long a change has been waiting for the journal.
alter table journal_outbox add column made_at timestamptz not null default now();
