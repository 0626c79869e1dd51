-- A list of records that are to be disposed of, from its proposal to its end.
create table disposal_run (
  id uuid primary key,
  -- all that were due, or records that somebody chose
  kind text not null check (kind in ('due','chosen')),
  state text not null check (state in
    ('proposed','approved','running','paused','done','refused','stopped')),
  -- the day, in the archive's zone, by which it was judged what is due
  as_of date not null,
  records integer not null,
  -- what approvers sign, character by character; null for a run that is small enough to go alone
  canonical text,
  proposed_by text not null,
  -- keyed hash of the person's number; null for the archive itself
  person text,
  proposed_at timestamptz not null,
  decide_by timestamptz not null,
  begun_at timestamptz,
  ended_at timestamptz
);
create index disposal_run_living on disposal_run (id)
  where state in ('proposed','approved','running','paused');

create table disposal_item (
  run_id uuid not null,
  record_id uuid not null,
  -- why it was due when the run was proposed
  ground text not null,
  rule text not null,
  tier text not null,
  state text not null check (state in ('planned','disposed','deferred')),
  -- of a deferred one: what keeps it
  why text,
  at timestamptz,
  primary key (run_id, record_id)
);
create index disposal_item_record on disposal_item (record_id) where state <> 'disposed';

create table disposal_decision (
  run_id uuid not null,
  actor_id text not null,
  actor_role text not null,
  person text not null,
  decision text not null check (decision in ('approved','rejected')),
  at timestamptz not null,
  assertion jsonb,
  sealed_reason bytea,
  primary key (run_id, person)
);

-- A record that is gone: what the certificate says of it.
create table disposal (
  record_id uuid primary key,
  run_id uuid not null,
  how text not null check (how in ('delete','anonymise')),
  ground text not null check (ground in ('erasure','closure','maximum','policy')),
  rule text not null,
  clause text not null,
  keep_until date not null,
  disposed_at timestamptz not null,
  -- newest epoch that its keys were wrapped in
  epoch text not null,
  -- canonical JSON of what was there and why it went; the ledger's entry names its digest
  facts text not null,
  digest text not null,
  -- since when no site has an envelope of it: unreadable at all sites
  unreadable_at timestamptz,
  -- until when ciphertext that nobody can read lies in locked places; null where none does
  locked_until timestamptz,
  -- since when the epoch of its keys is destroyed: beyond any old copy
  beyond_old_copies_at timestamptz
);
create index disposal_run_of on disposal (run_id, record_id);
create index disposal_old_copies on disposal (epoch) where beyond_old_copies_at is null;

-- What has still to be destroyed at a site: an object's envelope, then its bytes. A site that was away finds it
-- here before anything else is done with it.
create table pending_destruction (
  object_id uuid not null,
  site text not null,
  record_id uuid not null,
  pool text not null,
  -- the envelope is gone; only locked bytes are left, until `not_before`
  envelope_gone boolean not null default false,
  not_before timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  primary key (object_id, site)
);
create index pending_destruction_due on pending_destruction (site, not_before);
create index pending_destruction_record on pending_destruction (record_id);

-- How many calls of a kind there were, of those that are gone. No row is one call's.
create table disposed_call_count (
  month date not null,
  tier text not null,
  issue_type text not null,
  channel text not null,
  direction text not null,
  -- under one minute, five, fifteen, or longer
  duration text not null check (duration in ('m1','m5','m15','longer')),
  calls bigint not null,
  primary key (month, tier, issue_type, channel, direction, duration)
);

do $$
declare
  name text;
begin
  foreach name in array array['disposal_run', 'disposal_item', 'disposal_decision', 'disposal',
    'disposed_call_count'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
-- That it was tried again is no news to a rebuilt catalog.
select voxkeep_keep('pending_destruction',
  array['object_id', 'site', 'record_id', 'pool', 'envelope_gone']);
