-- Which moments of a grant people were told of, each once.
alter table access_request
  add column told_begun_at timestamptz,
  add column told_ending_at timestamptz,
  add column told_ended_at timestamptz;
