-- A ledger that comes back behind an archive that serves already.

alter table ledger_state
  -- entries below this index, and tiles of them alone, may still be only at the sites; 0: all are here
  add column entries_from bigint not null default 0;
