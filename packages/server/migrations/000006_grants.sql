-- Whose case a core record is: a person's, or a team's as a group.
create table record_case (
  record_id uuid primary key,
  actor_id text,
  team_id text,
  assigned_by text not null,
  assigned_at timestamptz not null,
  check ((actor_id is null) <> (team_id is null))
);
create index record_case_actor on record_case (actor_id, record_id) where actor_id is not null;
create index record_case_team on record_case (team_id, record_id) where team_id is not null;

-- The one quarantined record that a reviewer has before them.
create table review_lease (
  record_id uuid primary key,
  actor_id text not null unique,
  until timestamptz not null
);

-- What was asked for, and what became of it. Nothing here opens anything: that is decided where keys
-- are kept, from signatures.
create table access_request (
  id uuid primary key,
  kind text not null check (kind in ('records','break_glass','mandate')),
  state text not null check (state in ('pending','approved','rejected','withdrawn','revoked')),
  requester_id text not null,
  requester_person text not null,
  -- of a mandate: the regulator; else the requester
  holder_id text not null,
  -- the very characters that are signed: ids, tiers, fields, commitments; no personal data
  canonical text not null,
  purpose_category text not null,
  -- free text, reference and reasons, under a key of the key folder
  sealed_purpose bytea not null,
  created_at timestamptz not null,
  decide_by timestamptz not null,
  live_since timestamptz,
  ends_at timestamptz,
  reviewed_at timestamptz
);
create index access_request_requester on access_request (requester_id, id desc);
create index access_request_holder on access_request (holder_id, id desc);
create index access_request_pending on access_request (decide_by) where state = 'pending';
create index access_request_unreviewed on access_request (id)
  where kind = 'break_glass' and state in ('approved','revoked') and reviewed_at is null;

create table access_decision (
  id uuid primary key,
  request_id uuid not null,
  actor_id text not null,
  actor_role text not null,
  person text not null,
  decision text not null check (decision in
    ('signed','approved','rejected','withdrawn','revoked','reviewed')),
  at timestamptz not null,
  -- the WebAuthn assertion of those that sign
  assertion jsonb,
  sealed_reason bytea
);
create index access_decision_request on access_decision (request_id, at);
-- one approval, one signature of a person each, whatever happens at the same time
create unique index access_decision_once on access_decision (request_id, person)
  where decision in ('signed','approved');

-- Passkeys on their way to being enrolled, for showing. What counts is the register in the key folder.
create table passkey (
  id uuid primary key,
  actor_id text not null,
  person text not null,
  label text not null,
  state text not null check (state in ('awaiting','enrolled','revoked')),
  credential_id text not null unique,
  -- the statement that is confirmed, as it is signed
  canonical text not null,
  created_at timestamptz not null,
  enrolled_at timestamptz,
  revoked_at timestamptz
);
create index passkey_actor on passkey (actor_id, created_at);

create table passkey_confirmation (
  passkey_id uuid not null,
  actor_id text not null,
  actor_role text not null,
  person text not null,
  at timestamptz not null,
  -- absent where a password confirmed it
  assertion jsonb,
  primary key (passkey_id, person)
);

-- Challenges of registrations that were begun; each is good once, for minutes.
create table passkey_challenge (
  actor_id text primary key,
  challenge text not null,
  until timestamptz not null
);
