-- Outside auditors: who works for whom, on what, and for how long.
create table engagement (
  id uuid primary key,
  state text not null check (state in ('opened','confirmed','closed')),
  -- the firm's name and the purpose, under a key of the key folder
  sealed bytea not null,
  -- hex HMAC-SHA256 of all its terms: both officers name the same
  commitment text not null,
  -- first and last day of it, in the archive's zone
  from_day date not null,
  until_day date not null,
  -- what is looked at: calls of these days, of these tiers; and checks of audits, none for all
  calls_from date not null,
  calls_to date not null,
  tiers text[] not null,
  checks text[] not null,
  opened_by text not null,
  opened_person text not null,
  opened_at timestamptz not null,
  confirmed_by text,
  confirmed_at timestamptz,
  closed_by text,
  closed_at timestamptz,
  sealed_closing bytea
);

-- An outside auditor's account opens nothing before one moment and after another, which are sealed
-- with its row.
alter table staff add column engagement_id uuid;
alter table staff add column opens_at timestamptz;
alter table staff add column shuts_at timestamptz;
create index staff_engagement on staff (engagement_id) where engagement_id is not null;

-- Samples that auditors asked for: drawn by a seed that neither side chooses.
create table engagement_sample (
  id uuid primary key,
  engagement_id uuid not null,
  -- 1, 2 … within its engagement: one that was given up leaves a gap that is seen
  number integer not null,
  state text not null check (state in ('asked','drawn','given_up')),
  calls_from date not null,
  calls_to date not null,
  tiers text[] not null,
  -- how many calls it is drawn from, and the hex Merkle root over their ids in order
  population_count integer not null,
  population_root text not null,
  size integer not null,
  -- hex SHA-256 of the auditor's nonce
  commitment text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  -- hex, once it is drawn
  nonce text,
  seed text,
  ended_by text,
  ended_at timestamptz
);
create unique index engagement_sample_number on engagement_sample (engagement_id, number);
-- One at a time: nobody asks for many and draws the one that they like.
create unique index engagement_sample_asked on engagement_sample (engagement_id)
  where state = 'asked';

-- Ids of the calls that a sample is drawn from, ascending, 4,096 of 16 bytes in a row.
create table engagement_population (
  sample_id uuid not null,
  chunk integer not null,
  ids bytea not null,
  primary key (sample_id, chunk)
);

create table engagement_drawn (
  sample_id uuid not null,
  -- in the order of the draw, from 0
  place integer not null,
  -- in the population, from 0
  position integer not null,
  record_id uuid not null,
  primary key (sample_id, place)
);

-- What auditors want to be shown, and what officers answered.
create table engagement_evidence (
  id uuid primary key,
  engagement_id uuid not null,
  state text not null check (state in ('asked','answered','withdrawn')),
  sealed_wanted bytea not null,
  record_ids jsonb not null,
  due_on date not null,
  asked_by text not null,
  asked_at timestamptz not null,
  sealed_answer bytea,
  -- reports, records and entries that the answer rests on
  refs jsonb,
  answered_by text,
  answered_at timestamptz
);
create index engagement_evidence_engagement on engagement_evidence (engagement_id);

-- What auditors found wrong, until they close it.
create table engagement_finding (
  id uuid primary key,
  engagement_id uuid not null,
  state text not null check (state in ('open','accepted','disputed','closed')),
  severity text not null check (severity in ('low','medium','high','critical')),
  about_kind text not null,
  about_id text not null,
  sealed_text bytea not null,
  written_by text not null,
  written_at timestamptz not null,
  sealed_answer bytea,
  -- by when what was accepted is mended
  due_on date,
  answered_by text,
  answered_person text,
  answered_at timestamptz,
  sealed_closing bytea,
  closed_by text,
  closed_at timestamptz
);
create index engagement_finding_engagement on engagement_finding (engagement_id);

do $$
declare
  name text;
begin
  foreach name in array array['engagement', 'engagement_sample', 'engagement_population',
    'engagement_drawn', 'engagement_evidence', 'engagement_finding'] loop
    perform voxkeep_keep(name);
  end loop;
end $$;
