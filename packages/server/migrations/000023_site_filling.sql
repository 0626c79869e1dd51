-- Since when a walk over all objects has found copies missing at a site, as after a recovery or a change
-- of the policy: what is older is brought in bulk there and lags behind nothing.
create table site_filling (
  site text primary key,
  begun_at timestamptz not null,
  -- such copies that were still to come when somebody looked last, and the most that ever were
  copies_left bigint not null default 0,
  copies_most bigint not null default 0,
  -- when it was another number last, or the site was away
  moved_at timestamptz not null
);
select voxkeep_keep('site_filling');

-- When the walk over all objects began, the last time that it did.
alter table placement_policy add column begun_at timestamptz;
