-- How far the walk of a hold's search has come: calls up to this one were looked at.
alter table legal_hold add column reached_at timestamptz, add column reached_id uuid;

-- People who are told of a hold, and when they said that they have read it.
create table hold_custodian (
  hold_id uuid not null,
  actor_id text not null,
  told_at timestamptz not null,
  acknowledged_at timestamptz,
  release_acknowledged_at timestamptz,
  primary key (hold_id, actor_id)
);
create index hold_custodian_actor on hold_custodian (actor_id, hold_id);

-- Records that were released from a living hold one by one: its search catches them no more.
create table hold_exemption (
  hold_id uuid not null,
  record_id uuid not null,
  released_by text not null,
  released_at timestamptz not null,
  -- the reason, under a key of the key folder
  sealed bytea not null,
  primary key (hold_id, record_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['hold_custodian', 'hold_exemption'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
