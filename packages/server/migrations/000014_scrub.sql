-- Walks over the copies of a site: light looks whether each is there in its size, deep reads it back.
create table scrub_run (
  id uuid primary key,
  site text not null,
  kind text not null check (kind in ('light','deep')),
  started_at timestamptz not null,
  ended_at timestamptz,
  -- the last object that was looked at; a run that was broken off goes on behind it
  reached uuid,
  checked integer not null default 0,
  faults integer not null default 0,
  repaired integer not null default 0
);
create index scrub_run_site on scrub_run (site, kind, started_at desc);

-- Copies that are not what was written, until they are again.
create table copy_fault (
  object_id uuid not null,
  site text not null,
  fault text not null,
  found_at timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  primary key (object_id, site)
);
