-- Until when a site keeps a copy whoever asks (Object Lock); null where the site cannot.
alter table object_copy add column locked_until timestamptz;
