-- Which copies are wanted where. The newest row is in force; after each change a walk over all objects
-- sees what is missing and what is too many.
create table placement_policy (
  number integer primary key,
  -- canonical JSON, and its hex SHA-256
  policy text not null,
  digest text not null,
  applied_at timestamptz not null,
  -- the last object that the walk has seen; it goes on behind it until it has ended
  reached uuid,
  ended_at timestamptz
);
-- What held before there were policies.
insert into placement_policy (number, policy, digest, applied_at, ended_at)
select 1, p, encode(sha256(convert_to(p, 'utf8')), 'hex'), now(), now()
from (values ('{"daily":{"at":"02:00"},"pools":{"basic":{"acknowledged":["hq"],"daily":["branch","cloud"],"realtime":[]},"core":{"acknowledged":["hq","branch"],"daily":[],"realtime":["cloud"]},"quarantine":{"acknowledged":["hq","branch"],"cloudAllowed":false},"sensitive":{"acknowledged":["hq","branch"],"daily":[],"realtime":["cloud"]}},"version":1}')) as former (p)
where exists (select from record);

-- When a copy was first due; not_before moves with each failed try. Copies in bulk wait for the others.
alter table pending_copy add column due_at timestamptz;
update pending_copy set due_at = not_before;
alter table pending_copy alter column due_at set not null;
alter table pending_copy add column bulk boolean not null default false;
drop index pending_copy_due;
create index pending_copy_turn on pending_copy (bulk, not_before);
create index pending_copy_site on pending_copy (site, due_at);

-- Copies where the policy wants none any more; they go when those that it wants have been read back.
create table pending_removal (
  object_id uuid not null,
  site text not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  primary key (object_id, site)
);
create index pending_removal_due on pending_removal (not_before);

-- Copies that gave way because nobody had used them for long: rightly not there. Their envelopes are.
create table evicted_copy (
  object_id uuid not null,
  site text not null,
  evicted_at timestamptz not null,
  primary key (object_id, site)
);

-- Walks for such copies.
create table eviction_run (
  id uuid primary key,
  site text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- the last record that was looked at; a run that was broken off goes on behind it
  reached uuid,
  looked integer not null default 0,
  evicted integer not null default 0,
  bytes bigint not null default 0,
  -- left where they are: locked by their site; without two other copies that could be read back
  locked integer not null default 0,
  unverified integer not null default 0
);
create index eviction_run_started on eviction_run (started_at desc);

-- What lies at a site and no row knows, since it was first seen.
create table stray_object (
  site text not null,
  pool text not null,
  object_id uuid not null,
  seen_at timestamptz not null,
  primary key (site, pool, object_id)
);
