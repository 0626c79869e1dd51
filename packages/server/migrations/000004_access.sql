-- Tables of the sign-in library (better-auth; their column names are its own).
create table auth_user (
  "id" text not null primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null,
  "username" text unique,
  "displayUsername" text,
  "twoFactorEnabled" boolean
);
create table auth_session (
  "id" text not null primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth_user ("id") on delete cascade
);
create index auth_session_user on auth_session ("userId");
create table auth_account (
  "id" text not null primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth_user ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz not null
);
create index auth_account_user on auth_account ("userId");
create table auth_verification (
  "id" text not null primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null,
  "updatedAt" timestamptz default current_timestamp not null
);
create index auth_verification_identifier on auth_verification ("identifier");
create table auth_two_factor (
  "id" text not null primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references auth_user ("id") on delete cascade,
  "verified" boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
create index auth_two_factor_user on auth_two_factor ("userId");

-- What the archive knows of a person: the role decides, see docs/access.md.
create table staff (
  actor_id text primary key references auth_user ("id"),
  username text not null unique,
  display_name text not null,
  role text not null,
  agent_id text,
  team_id text,
  created_at timestamptz not null,
  -- set by an administrator
  locked_at timestamptz
);

-- Attempts to sign in: by name, by address, and codes that were used. Keys are HMACs, so that
-- neither names that were tried nor addresses stand here, and unknown names lock like known ones.
create table sign_in_attempt (
  key bytea primary key,
  attempts integer not null,
  since timestamptz not null
);
create index sign_in_attempt_since on sign_in_attempt (since);

-- Keys of services: SHA-256 of 32 random bytes; the key itself is shown once.
create table api_key (
  id uuid primary key,
  name text not null,
  -- the first characters, by which people tell keys apart
  prefix text not null,
  key_sha256 bytea not null unique,
  -- the service account that it acts as; without one it acts as itself
  account_id text references staff (actor_id),
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);

-- The one-time token that makes the first administrator.
create table setup_token (
  token_sha256 bytea primary key,
  created_at timestamptz not null,
  used_at timestamptz
);
