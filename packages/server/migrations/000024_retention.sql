-- The rules of retention that were ever in force, whole, and how far the walk has come that gives every
-- record its term by them.
create table retention_rules (
  number integer primary key,
  -- YAML, as it was loaded
  rules text not null,
  -- hex SHA-256 of the above
  digest text not null,
  actor_id text not null,
  in_force_at timestamptz not null,
  reached uuid,
  ended_at timestamptz
);

-- Days that something other than the call counts from: contract_end, account_closure, dispute_end …
create table record_anchor (
  record_id uuid not null,
  anchor text not null,
  day date not null,
  told_by text not null,
  told_at timestamptz not null,
  primary key (record_id, anchor)
);

-- Until when a record must and may be kept. Days are those of the archive's zone.
create table record_term (
  record_id uuid primary key,
  -- the legal minimum: first day on which disposal may happen
  keep_until date not null,
  -- counts from a day that nobody told yet: kept until somebody does
  open_ended boolean not null,
  -- the maximum: day by which it has to be gone; null where no rule sets one
  at_most date,
  -- first day on which it is due by rules and the house's policy; null while open ended
  due_on date,
  -- id of the profile that won
  rule text not null,
  -- number of the rules that gave it
  rules integer not null,
  -- industry, business type and day of the call that it was found by, and all that applied: as shown
  why jsonb not null
);
create index record_term_due on record_term (due_on, record_id) where due_on is not null;
create index record_term_at_most on record_term (at_most, record_id) where at_most is not null;
create index record_term_rules on record_term (rules, record_id);

-- A matter that freezes records against any deletion.
create table legal_hold (
  id uuid primary key,
  -- matter, reason and custodians, under a key of the key folder
  sealed bytea not null,
  -- a search that keeps catching, likewise; null for chosen records only
  sealed_query bytea,
  -- new records were looked at up to here
  caught_up_to timestamptz,
  placed_by text not null,
  placed_at timestamptz not null,
  released_by text,
  released_at timestamptz,
  sealed_release bytea
);
create index legal_hold_living on legal_hold (id) where released_at is null;

-- Records that a living hold keeps; a release takes its rows away.
create table held_record (
  record_id uuid not null,
  hold_id uuid not null,
  held_at timestamptz not null,
  primary key (record_id, hold_id)
);
create index held_record_hold on held_record (hold_id, record_id);

-- Why a record is stored and protected and nothing else: a closed account, or a person's erasure.
create table record_restriction (
  record_id uuid not null,
  cause_id uuid not null,
  kind text not null check (kind in ('closure','erasure')),
  since timestamptz not null,
  primary key (record_id, cause_id)
);
create index record_restriction_cause on record_restriction (cause_id, record_id);

do $$
declare
  name text;
begin
  foreach name in array array['retention_rules', 'record_anchor', 'record_term', 'legal_hold',
    'held_record', 'record_restriction'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
