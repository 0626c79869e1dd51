-- A move to a less strict tier that one person has asked for and a second has to ask for as well.
create table reclassification (
  record_id uuid primary key,
  tier text not null check (tier in ('basic','core','sensitive')),
  actor_id text not null,
  person text not null,
  at timestamptz not null
);
