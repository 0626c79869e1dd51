-- Epochs of the keys of the blind indexes, and how far the walk has come that brings every call into
-- the newest one. Of the first epoch there is no walk.
create table index_epoch (
  number smallint primary key,
  -- the content epoch whose keys they are
  epoch text not null unique,
  began_at timestamptz not null,
  -- the last call that was brought over
  reached_at timestamptz,
  reached_id uuid,
  seen integer not null default 0,
  rebuilt integer not null default 0,
  -- calls of which no site has a manifest and a transcript that open
  unopened integer not null default 0,
  ended_at timestamptz
);
select voxkeep_keep('index_epoch');

-- What the blind indexes of a call, of its text and of its tickets are made with. Calls from before
-- this migration are of the first epoch.
alter table call add column index_epoch smallint not null default 1;

-- What each site was told last: that everything that was destroyed before is gone there.
create table site_tombstones (
  site text primary key,
  applied_to timestamptz not null
);
-- What a rebuilt catalog has to be held against: read back from a site, and not its own.
create index ledger_entry_ends on ledger_entry (action, index)
  where outbox_id is null and action in ('object.destroy', 'record.dispose');
-- Objects end about in the order in which they were made.
create index sealed_object_destroyed on sealed_object using brin (destroyed_at)
  with (autosummarize = on, pages_per_range = 32);

-- Content epochs whose keys were destroyed, and since when no old copy of anything opens with keys that
-- anybody has: since everybody who held them, or a share that opened them, has said that they are gone.
create table epoch_end (
  epoch text primary key,
  destroyed_at timestamptz not null,
  gone_at timestamptz
);
-- Shares of earlier escrow sets that were destroyed, on somebody's word.
create table share_attestation (
  set_id text not null,
  share smallint not null,
  attested_by text not null,
  attested_at timestamptz not null,
  primary key (set_id, share)
);
do $$
begin
  perform voxkeep_keep('epoch_end');
  perform voxkeep_keep('share_attestation');
end $$;
