-- The check that an audit is at, and how often the archive was ended in the midst of it: one that takes the
-- archive down is not begun again for ever.
alter table audit_run add column trying text;
alter table audit_run add column tries integer not null default 0;
