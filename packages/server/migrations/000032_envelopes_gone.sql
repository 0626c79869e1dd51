-- Since when no envelope of the record is at a site, for the certificate: {"hq": "2026-11-28T03:30:01.000Z"}.
alter table disposal add column envelopes_gone jsonb not null default '{}';
