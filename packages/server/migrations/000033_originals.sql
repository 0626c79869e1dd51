-- That a sensitive original is needed for longer than its time: asked by one, granted by two others, up to a day.
create table original_wait (
  id uuid primary key,
  record_id uuid not null,
  -- the first day, in the archive's zone, on which the original may go
  until date not null,
  state text not null check (state in ('asked','granted','refused')),
  asked_by text not null,
  -- keyed hash of the person's number
  person text not null,
  asked_at timestamptz not null,
  -- why, under a key of the key folder
  sealed_reason bytea not null,
  ended_at timestamptz
);
create index original_wait_record on original_wait (record_id);
-- One question at a time about a record.
create unique index original_wait_asked on original_wait (record_id) where state = 'asked';

create table original_wait_decision (
  wait_id uuid not null,
  record_id uuid not null,
  actor_id text not null,
  person text not null,
  decision text not null check (decision in ('approved','rejected')),
  at timestamptz not null,
  sealed_reason bytea,
  primary key (wait_id, person)
);
create index original_wait_decision_record on original_wait_decision (record_id);

select voxkeep_keep('original_wait');
select voxkeep_keep('original_wait_decision');
