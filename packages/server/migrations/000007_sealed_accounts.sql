-- Accounts, sessions and keys of services are sealed: `seal` is an HMAC of every other column that
-- is not null, under a key of the key folder. A row whose seal does not fit opens nothing. Rows of
-- before have none until the first start, which seals them once.

-- One row a person: what they know (password, second factor) beside what they may.
alter table staff drop constraint staff_actor_id_fkey;
alter table staff
  -- HMAC of the person number: whose accounts belong to one person, and no number
  add column person_ref text,
  -- argon2id
  add column password_hash text,
  -- the second factor's secret, encrypted for this account
  add column totp_secret bytea,
  -- from which provider the person comes, and who they are there; both or neither
  add column provider text,
  add column subject text,
  -- counts changes: a row that was kept and put back is known by it
  add column version integer not null default 1,
  add column seal bytea;
alter table staff add constraint staff_identity unique (provider, subject);
create index staff_person on staff (person_ref) where person_ref is not null;

update staff s set password_hash = a.password
from auth_account a
where a."userId" = s.actor_id and a."providerId" = 'credential';

-- Secrets of second factors were encrypted by a library that is gone. A single byte opens for
-- nobody: these accounts wait until an administrator takes the factor away, instead of going on
-- without one.
update staff s set totp_secret = '\x00'
from auth_user u
where u.id = s.actor_id and u."twoFactorEnabled";

drop table auth_two_factor, auth_session, auth_account, auth_verification, auth_user;

create table staff_session (
  id uuid primary key,
  -- keyed digest of the cookie's value
  token_digest bytea not null unique,
  actor_id text not null references staff (actor_id),
  -- of the account at sign-in: any change of it ends the session
  account_version integer not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  -- 'password' or a provider's name
  method text not null,
  -- browser and system, in two words at most
  client text,
  -- a second factor that is not confirmed yet, encrypted
  totp_pending bytea,
  seal bytea
);
create index staff_session_actor on staff_session (actor_id);

-- Both digests are SHA-256 until the first start puts the key of the key folder over them.
alter table api_key rename column key_sha256 to key_digest;
alter table api_key
  add column scopes text[] not null default '{intake}',
  add column version integer not null default 1,
  add column seal bytea;
alter table api_key alter column scopes drop default;

alter table setup_token rename column token_sha256 to token_digest;
alter table setup_token add column seal bytea;
delete from setup_token;
