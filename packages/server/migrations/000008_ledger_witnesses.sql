-- Witnesses, and the sizes whose partial tiles are kept.

-- Sizes of trees whose checkpoint was put where somebody can read it. Every site gets, and keeps, the
-- partial tiles of each of them, also a site that never showed that very checkpoint.
create table ledger_published (
  size bigint primary key
);

-- What each witness countersigned last.
create table ledger_witness (
  -- the name in its verifier key
  name text primary key,
  size bigint not null,
  -- by the witness's own clock
  cosigned_at timestamptz not null,
  -- its signature line over the checkpoint of that size
  line text not null
);

alter table ledger_state
  -- the newest checkpoint that is durable at the first site and one other: the one that is served
  add column durable_checkpoint text,
  -- the newest checkpoint that a quorum of witnesses countersigned, with their lines
  add column witnessed_checkpoint text,
  add column witnessed_size bigint not null default 0,
  add column witnessed_at timestamptz;

-- Times grow with the index: an instant is a place in the log.
create index ledger_entry_time on ledger_entry (sequenced_at, index);
