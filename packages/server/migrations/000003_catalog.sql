create extension if not exists btree_gin;

-- What is searched. Personal data stands here as blind indexes and as `fields`, sealed under the
-- record's own key. No foreign keys into `call`, no row-level security: see docs/decisions.
create table call (
  id uuid not null,
  started_at timestamptz not null,
  duration_s integer not null,
  tier text not null,
  issue_type text not null,
  agent_id text not null,
  team_id text,
  channel text not null,
  direction text not null,
  segment text,
  industry text,
  -- HMAC-SHA256 under the field key, first 8 bytes: whole number, last four, first three + last four
  phone_index bigint,
  phone_last4_index bigint,
  phone_masked_index bigint,
  account_index bigint,
  finding_count integer not null,
  restricted boolean not null default false,
  fields bytea not null,
  primary key (started_at, id)
) partition by range (started_at);
create index call_phone on call (phone_index, started_at) where phone_index is not null;
create index call_phone_last4 on call (phone_last4_index, started_at)
  where phone_last4_index is not null;
create index call_phone_masked on call (phone_masked_index, started_at)
  where phone_masked_index is not null;
create index call_agent on call (agent_id, started_at, issue_type, tier, duration_s);
create index call_issue on call (issue_type, started_at, tier, team_id, duration_s);
create index call_started on call (started_at, issue_type, tier, team_id, duration_s);
-- Rare meetings of frequent values, and rare lengths: without these every call would be looked at
create index call_values on call using gin (channel, direction, segment, industry, team_id)
  with (fastupdate = on);
create index call_long on call (duration_s, started_at) where duration_s >= 900;

-- Text of the redacted transcript as keyed 32-bit hashes of its character pairs and words. A side
-- table, so that a change to a call does not touch its text index entries. What a search filters by
-- is repeated under the names it has in `call`, so that one condition fits both tables.
create table call_text (
  id uuid not null,
  started_at timestamptz not null,
  duration_s integer not null,
  tier text not null,
  issue_type text not null,
  agent_id text not null,
  team_id text,
  channel text not null,
  direction text not null,
  segment text,
  industry text,
  finding_count integer not null,
  restricted boolean not null default false,
  tokens integer[] not null,
  primary key (started_at, id)
) partition by range (started_at);
create index call_text_tokens on call_text using gin (issue_type, agent_id, tokens)
  with (fastupdate = on, gin_pending_list_limit = 65536);

-- Every agent on a leg of the call, the first one included.
create table call_leg (
  record_id uuid not null,
  started_at timestamptz not null,
  agent_id text not null,
  primary key (record_id, agent_id)
);
create index call_leg_agent on call_leg (agent_id, started_at, record_id);

create table call_ticket (
  ticket_index bigint not null,
  record_id uuid not null,
  started_at timestamptz not null,
  primary key (ticket_index, record_id)
);
create index call_ticket_record on call_ticket (record_id);

-- Makes the month's partitions of `call` and `call_text` where they are not there yet. They are made
-- apart and attached, which lets rows of other months be written and read meanwhile; makers take
-- turns, and the second finds what the first committed.
create function voxkeep_ensure_month(moment timestamptz) returns void language plpgsql as $$
declare
  first timestamptz := date_trunc('month', moment at time zone 'UTC') at time zone 'UTC';
  next timestamptz := (date_trunc('month', moment at time zone 'UTC') + interval '1 month')
    at time zone 'UTC';
  suffix text := to_char(first at time zone 'UTC', '"y"YYYY"m"MM');
  parent text;
  child text;
begin
  foreach parent in array array['call', 'call_text'] loop
    child := parent || '_' || suffix;
    if to_regclass(format('%I', child)) is null then
      perform pg_advisory_xact_lock(7320115);
      -- pg_class, for to_regclass still answers from what it had cached before the wait
      if not exists (select from pg_class
          where relname = child and relnamespace = current_schema()::regnamespace) then
        execute format('create table %I (like %I including defaults including storage)',
          child, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)',
          parent, child, first, next);
      end if;
    end if;
  end loop;
end $$;

create table saved_filter (
  id uuid primary key,
  owner_id text not null,
  name text not null,
  query jsonb not null,
  created_at timestamptz not null
);
create index saved_filter_owner on saved_filter (owner_id, created_at);
