-- The ledger. Entries hold ids, counts and digests, never personal data. These tables are what the
-- static log at the sites is written from; the log in turn rebuilds them.

-- What committed transactions want in the ledger and the sequencer has not numbered yet.
create table ledger_outbox (
  id bigint generated always as identity primary key,
  -- canonical JSON of the entry without its seq and time
  body text not null
);

create table ledger_entry (
  index bigint primary key,
  -- null for entries read back from a site
  outbox_id bigint unique,
  at timestamptz not null,
  sequenced_at timestamptz not null,
  actor_id text not null,
  actor_role text not null,
  action text not null,
  resource text,
  purpose_category text,
  outcome text not null check (outcome in ('ok','refused','failed')),
  request_id text,
  detail jsonb not null default '{}',
  -- the very bytes that the log holds
  bytes bytea not null
);
create index ledger_entry_resource on ledger_entry (resource, index desc) where resource is not null;
create index ledger_entry_actor on ledger_entry (actor_id, index desc);
create index ledger_entry_action on ledger_entry (action, index desc);

-- Merkle tree tiles (C2SP tlog-tiles): up to 256 hashes of 32 bytes. The rightmost tile of a level
-- grows in place.
create table ledger_tile (
  level smallint not null,
  index bigint not null,
  hashes bytea not null,
  primary key (level, index)
);

-- One row: the tree that was signed last. The row lock is the fence between two sequencers, and a
-- size is signed only once, because its checkpoint commits together with its entries.
create table ledger_state (
  one boolean primary key default true check (one),
  origin text not null,
  size bigint not null,
  checkpoint text not null,
  signed_at timestamptz not null,
  -- entries below this index are in a checkpoint that is durable at the first site and one other
  durable_size bigint not null default 0
);
