-- Every change of a row that a rebuilt catalog needs is kept here until it lies, sealed, in the
-- journal of the sites. The trigger writes it in the change's own transaction, whoever changes it.
create table journal_outbox (
  id bigint generated always as identity primary key,
  table_name text not null,
  -- deleted; otherwise the row as it is now
  gone boolean not null,
  -- the row's primary key, as a JSON array
  key text not null,
  body text not null
);

-- What was written, from the oldest segment that is still needed.
create table journal_segment (
  number bigint primary key,
  key text not null,
  sha256 bytea not null,
  sealed_bytes bigint not null,
  changes integer not null,
  written_at timestamptz not null
);

-- Objects of the journal that a site does not have yet.
create table journal_gap (
  site text not null,
  key text not null,
  since timestamptz not null,
  primary key (site, key)
);

create table journal_snapshot (
  id uuid primary key,
  timeline integer not null,
  -- the first segment that has to be replayed upon it
  from_segment bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  table_rows bigint not null default 0,
  sealed_bytes bigint not null default 0,
  sha256 bytea
);

-- A rebuilt catalog goes on in a timeline of its own.
create table journal_state (
  one boolean primary key default true check (one),
  timeline integer not null default 1,
  next_segment bigint not null default 1,
  previous bytea not null default '\x'
);
insert into journal_state default values;

create function voxkeep_journal() returns trigger language plpgsql as $$
declare
  kept jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  key jsonb := '[]';
  part text;
begin
  foreach part in array tg_argv[1:] loop
    key := key || jsonb_build_array(kept -> part);
  end loop;
  insert into journal_outbox (table_name, gone, key, body)
  values (tg_argv[0], tg_op = 'DELETE', key::text, kept::text);
  return null;
end $$;

-- Has the changes of a table kept. `columns` are those whose change counts; null means all.
create function voxkeep_keep(kept regclass, columns text[] default null) returns void
language plpgsql as $$
declare
  key text := (
    select string_agg(quote_literal(a.attname), ', ' order by array_position(c.conkey, a.attnum))
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
    where c.conrelid = kept and c.contype = 'p');
  changed text := coalesce(
    'update of ' || (select string_agg(quote_ident(one), ', ') from unnest(columns) one), 'update');
begin
  execute format(
    'create trigger journal after insert or delete or %s on %s for each row
     execute function voxkeep_journal(%L, %s)', changed, kept, kept::text, key);
end $$;

do $$
declare
  name text;
begin
  foreach name in array array['record', 'intake_key', 'sealed_object', 'call', 'call_text',
    'call_leg', 'call_ticket', 'saved_filter', 'staff', 'api_key', 'setup_token', 'record_case',
    'access_request', 'access_decision', 'passkey', 'passkey_confirmation', 'notice',
    'notice_address', 'reclassification'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
-- That a copy was read back, or tried again, is no news to a rebuilt catalog.
select voxkeep_keep('object_copy', array['object_id', 'site', 'written_at', 'locked_until']);
select voxkeep_keep('pending_copy', array['object_id', 'site']);
