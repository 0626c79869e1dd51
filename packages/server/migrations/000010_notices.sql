-- What people are told of: ids, codes and counts, never content.
create table notice (
  id uuid primary key,
  actor_id text not null references staff (actor_id),
  kind text not null,
  severity text not null,
  resource text,
  detail jsonb not null default '{}',
  told_at timestamptz not null,
  read_at timestamptz
);
create index notice_own on notice (actor_id, id desc);
create index notice_unread on notice (actor_id, severity, id desc) where read_at is null;
create index notice_read on notice (read_at) where read_at is not null;

-- Where a person wants mail: address and language, under a key of the key folder.
create table notice_address (
  actor_id text primary key references staff (actor_id),
  sealed bytea not null,
  changed_at timestamptz not null
);

-- What is on its way out of the archive, by webhook or, to one person, by mail.
create table notice_delivery (
  id uuid primary key,
  channel text not null,
  actor_id text references staff (actor_id),
  kind text not null,
  severity text not null,
  resource text,
  detail jsonb not null default '{}',
  told_at timestamptz not null,
  attempts integer not null default 0,
  -- a code: what went wrong the last time
  last_failure text,
  ended_at timestamptz,
  -- delivered, given_up, not_wanted
  outcome text
);
create index notice_delivery_waiting on notice_delivery (told_at) where ended_at is null;
create index notice_delivery_ended on notice_delivery (ended_at) where ended_at is not null;
