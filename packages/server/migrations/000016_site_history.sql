-- What each site was like, every five minutes; after two days one of each hour stays, for ninety days.
create table site_sample (
  site text not null,
  at timestamptz not null,
  reachable boolean not null,
  -- copies still to be made there, and for how long the oldest has been due
  behind integer not null,
  behind_s integer not null,
  -- from written to copied there, of core and sensitive; null where nothing was copied lately
  lag_p50_ms double precision,
  lag_p99_ms double precision,
  used_bytes bigint not null,
  -- null where the site has no notion of it, or was away
  free_bytes bigint,
  faults integer not null,
  primary key (site, at)
);
create index site_sample_at on site_sample (at);

-- Copies and their sealed bytes by site and pool. `site_use` is the sum up to the last sample,
-- `site_use_change` what came since: whoever writes a copy adds a row and waits for nobody. While
-- `site_use` is empty, the next sample counts all copies.
create table site_use (
  site text not null,
  pool text not null,
  bytes bigint not null,
  copies bigint not null,
  primary key (site, pool)
);
create table site_use_change (
  site text not null,
  pool text not null,
  bytes bigint not null,
  copies bigint not null
);
-- By trigger, so that no way by which a copy comes or goes can forget it.
create function note_site_use() returns trigger language plpgsql as $$
declare
  sign integer := case tg_op when 'DELETE' then -1 else 1 end;
begin
  insert into site_use_change (site, pool, bytes, copies)
    select site, pool, sign * sum(sealed_bytes)::bigint, sign * count(*)
    from changed join sealed_object on id = object_id
    group by site, pool;
  return null;
end $$;
create trigger object_copy_made after insert on object_copy
  referencing new table as changed for each statement execute function note_site_use();
create trigger object_copy_gone after delete on object_copy
  referencing old table as changed for each statement execute function note_site_use();

-- A repair can set right how long an object is.
create function note_resized_object() returns trigger language plpgsql as $$
begin
  insert into site_use_change (site, pool, bytes, copies)
    select site, new.pool, new.sealed_bytes - old.sealed_bytes, 0
    from object_copy where object_id = new.id;
  return null;
end $$;
create trigger sealed_object_resized after update of sealed_bytes on sealed_object
  for each row when (old.sealed_bytes <> new.sealed_bytes) execute function note_resized_object();

-- What is wrong with a site, for as long as it is; a row that was told goes with an all-clear.
create table site_alarm (
  site text not null,
  code text not null,
  since timestamptz not null,
  seen_at timestamptz not null,
  told_at timestamptz,
  primary key (site, code)
);

-- The copy that was read back the longest ago: counted now and then, since all copies are looked at.
create table site_verified (
  site text primary key,
  oldest_at timestamptz,
  counted_at timestamptz not null
);
