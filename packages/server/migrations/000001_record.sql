-- A record's way through the archive. No personal data: names, numbers and texts live in sealed
-- objects, or encrypted under the record's own key (column call.fields, 000003).
create table record (
  id uuid primary key,
  state text not null check (state in ('received','probed','transcribed','redacted','classified',
    'sealed','archived','quarantined','restricted','disposed')),
  -- the state to go on from when an operator releases a quarantined record
  resume_state text,
  reason_code text,
  reason text,
  source_system text not null,
  -- HMAC-SHA256 of source system and source call id: a call id can hold a phone number
  idempotency_key bytea not null,
  -- HMAC-SHA256 of the media bytes as they came
  media_digest bytea not null,
  media_bytes bigint not null,
  started_at timestamptz not null,
  received_at timestamptz not null,
  archived_at timestamptz,
  -- what the steps learn, without personal data: codec, channels, duration, counts
  facts jsonb not null default '{}',
  tier text check (tier in ('basic','core','sensitive')),
  manifest_version integer not null default 0,
  attempts integer not null default 0
);
create index record_state_received on record (state, received_at desc);

-- Idempotency has its own table, distributed by its key, and outlives the record as a tombstone.
create table intake_key (
  idempotency_key bytea primary key,
  record_id uuid not null,
  media_digest bytea not null,
  disposed_at timestamptz
);

-- One sealed object. Its ciphertext is at the sites; its wrapped key is in its envelope there.
create table sealed_object (
  id uuid primary key,
  record_id uuid not null,
  -- submission, original, screenshot (quarantine); redacted, redacted-transcript, screenshot, peaks,
  -- manifest, original (final); record-key has an envelope and no object
  purpose text not null,
  ordinal integer not null default 0,
  pool text not null check (pool in ('basic','core','sensitive','quarantine')),
  version integer not null,
  media_type text not null,
  plain_bytes bigint not null,
  sealed_bytes bigint not null,
  sealed_sha256 bytea not null,
  facts jsonb not null default '{}',
  created_at timestamptz not null,
  destroyed_at timestamptz
);
create index sealed_object_record on sealed_object (record_id, purpose);

-- Where copies are. verified_at is the last time a copy was read back and its digest agreed.
create table object_copy (
  object_id uuid not null,
  site text not null,
  written_at timestamptz not null,
  verified_at timestamptz,
  primary key (object_id, site)
);

-- Copies still to be made (cloud, daily branch); emptied by the placement job.
create table pending_copy (
  object_id uuid not null,
  site text not null,
  not_before timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  primary key (object_id, site)
);
create index pending_copy_due on pending_copy (not_before);
