-- Objects of the journal that are not what was written at a site, until they are again.
create table journal_fault (
  site text not null,
  key text not null,
  fault text not null,
  found_at timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  primary key (site, key)
);

-- What a rebuilt catalog was made of, as JSON, while no snapshot of its own timeline is whole.
alter table journal_state add column continues text;
