-- Rules whose first officer accepted that records are kept shorter, and that a second has to ask for as well.
create table retention_proposal (
  one boolean primary key default true check (one),
  rules text not null,
  -- of the preview that was looked at: hex SHA-256
  preview text not null,
  actor_id text not null,
  person text not null,
  at timestamptz not null
);

-- Records that are kept longer than some copy of theirs is locked.
create table pending_lock (
  record_id uuid primary key,
  not_before timestamptz not null
);
create index pending_lock_due on pending_lock (not_before);

-- Profiles that compliance was told to read again, once for each rules.
create table retention_review (
  rules integer not null,
  profile text not null,
  told_at timestamptz not null,
  primary key (rules, profile)
);

-- How far a walk has come is no news to a rebuilt catalog: it goes over all records again.
drop trigger journal on retention_rules;
select voxkeep_keep('retention_rules', array['ended_at']);

do $$
declare
  name text;
begin
  foreach name in array array['retention_proposal', 'pending_lock', 'retention_review'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
