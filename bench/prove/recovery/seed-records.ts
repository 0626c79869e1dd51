import type { OwnPostgres } from './own-postgres.ts';

const BATCH = 5_000;

/**
 * Rows as so many archived records have them: objects, copies at three sites, the call and its words. They
 * do not pass through the journal; the next snapshot has them.
 */
export async function seedRecords(
  postgres: OwnPostgres,
  database: string,
  from: number,
  to: number,
): Promise<void> {
  const client = await postgres.connect(database);
  try {
    await client.query('set session_replication_role = replica');
    for (const month of Array.from({ length: 12 }, (_, at) => at + 1)) {
      await client.query('select voxkeep_ensure_month($1)', [
        `2025-${String(month).padStart(2, '0')}-15T00:00:00Z`,
      ]);
    }
    for (let at = from; at < to; at += BATCH) {
      const last = Math.min(to, at + BATCH) - 1;
      await client.query('begin');
      for (const text of ROWS) await client.query(text, [at, last]);
      await client.query('commit');
    }
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

const ID = `('0192' || lpad(to_hex(n), 8, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid`;
const OBJECT = `('0193' || lpad(to_hex(n * 8 + k), 8, '0') || '70008000' || lpad(to_hex(n * 8 + k), 12, '0'))::uuid`;
const STARTED = `(timestamptz '2025-01-01' + (n % 31000000) * interval '1 second')`;
const SEARCHED = `duration_s, tier, issue_type, agent_id, team_id, channel, direction, segment,
  industry, finding_count`;
const SEARCH = `30 + n % 600, (array['basic','core','sensitive'])[1 + n % 3], 'enquiry_' || n % 20,
  'agent-' || n % 500, 'team-' || n % 20, 'voice', 'inbound', '普通', 'telecom', n % 4`;

/** Each takes the first and the last number. */
const ROWS = [
  `insert into record select ${ID}, 'archived', null, null, null, 'pbx', sha256(n::text::bytea),
     sha256((n || 'm')::bytea), 480000, ${STARTED}, ${STARTED}, ${STARTED},
     jsonb_build_object('media', jsonb_build_object('kind', 'audio', 'codec', 'pcm_s16le',
       'channels', 2, 'durationMs', 30000), 'classification', jsonb_build_object('tier', 'basic',
       'rule', 'rule-' || n % 9)), (array['basic','core','sensitive'])[1 + n % 3], 1, 0
   from generate_series($1::int, $2::int) n`,
  `insert into intake_key select sha256(n::text::bytea), ${ID}, sha256((n || 'm')::bytea), null
   from generate_series($1::int, $2::int) n`,
  `insert into sealed_object (id, record_id, purpose, ordinal, pool, version, media_type, plain_bytes,
     sealed_bytes, sealed_sha256, facts, created_at)
   select ${OBJECT}, ${ID}, (array['redacted','redacted-transcript','peaks','record-key','manifest'])[1 + k],
     0, (array['basic','core','sensitive'])[1 + n % 3], 1, 'application/json', 1000, 1100,
     sha256((n * 8 + k)::text::bytea), '{}', ${STARTED}
   from generate_series($1::int, $2::int) n, generate_series(0, 4) k`,
  `insert into object_copy select ${OBJECT}, site, ${STARTED}, ${STARTED}, null
   from generate_series($1::int, $2::int) n, generate_series(0, 4) k,
     unnest(array['hq','branch','cloud']) site`,
  `insert into call (id, started_at, ${SEARCHED}, phone_index, phone_last4_index, phone_masked_index,
     account_index, fields)
   select ${ID}, ${STARTED}, ${SEARCH}, n * 7919, n % 10000, n % 1000003, null,
     decode(repeat(md5(n::text), 12), 'hex')
   from generate_series($1::int, $2::int) n`,
  `insert into call_text (id, started_at, ${SEARCHED}, tokens)
   select ${ID}, ${STARTED}, ${SEARCH},
     (select array_agg((hashtext((n % 5000 + t * t)::text) % 100000)) from generate_series(1, 120) t)
   from generate_series($1::int, $2::int) n`,
  `insert into call_leg select ${ID}, ${STARTED}, 'agent-' || n % 500
   from generate_series($1::int, $2::int) n`,
];
