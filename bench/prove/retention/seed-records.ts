import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type pg from 'pg';
import type { ObjectId, RecordId } from '../../../packages/server/src/core/ids.ts';
import { systemRandom } from '../../../packages/server/src/core/random.ts';
import { openIndexEpochs } from '../../../packages/server/src/index/index.ts';
import {
  createKeyRoom,
  openKeyFolder,
  sealFields,
} from '../../../packages/server/src/keys/index.ts';
import { SiteSet, siteEnvelopes } from '../../../packages/server/src/place/index.ts';
import { openDirectorySite } from '../../../packages/server/src/platform/objects/directory-site.ts';
import { connect } from '../../../packages/server/src/platform/postgres/connect.ts';
import type { Tier } from '../../../packages/server/src/record/vocabulary.ts';
import { type GeneratedCall, insertRows } from '../../search-rows.ts';
import type { ArchiveClock } from '../access/clock.ts';
import type { TestArchive } from '../test-archive.ts';
import type { MadeRecord } from './make-records.ts';

const CHUNK = 500;
const SITES = ['hq', 'branch', 'cloud'];
/** Of the calls that the proof puts into the catalog; those over HTTP have it too. */
export const SOURCE_SYSTEM = 'prove';

/**
 * Puts records into a running archive's catalog as archived ones have their rows, indexed by the archive's
 * own statements, each with its record key and that key's envelope at all three sites. They have no media
 * and no term: the archive's walk gives them one.
 */
export async function seedRecords(
  archive: TestArchive,
  clock: ArchiveClock,
  records: readonly MadeRecord[],
): Promise<void> {
  const { archiveId } = JSON.parse(readFileSync(join(archive.data, 'archive.json'), 'utf8'));
  const parts = { clock, random: systemRandom };
  const keys = await openKeyFolder({ folder: archive.keys, archiveId, ...parts });
  const opened = await Promise.all(
    SITES.map((name) => {
      const folder = join(archive.data, 'sites', name);
      return openDirectorySite({ name, folder, archiveId, create: false });
    }),
  );
  const sites = new SiteSet(opened);
  const room = createKeyRoom({ store: keys, envelopes: siteEnvelopes(sites), ...parts });
  const connection = connect({
    ...{ host: join(archive.data, 'run'), user: 'voxkeep', database: 'postgres' },
    password: keys.secret('postgres-password').toString('hex'),
  });
  const { db } = connection;
  const { current: indexKeys } = await openIndexEpochs({ db, clock, keys });
  const sealedKey = async ({ id, tier }: MadeRecord, shown: unknown): Promise<Buffer> => {
    const ref = { recordId: id as RecordId, objectId: id as ObjectId, pool: tier as Tier };
    const made = await room.createKey({ ...ref, version: 1, purpose: 'record-key' }, SITES);
    const sealed = sealFields(made.key, id, deflateRawSync(JSON.stringify(shown)), systemRandom);
    await made.stored;
    return sealed;
  };
  try {
    for (let at = 0; at < records.length; at += CHUNK) {
      const some = records.slice(at, at + CHUNK);
      const calls = some.map(generatedCall);
      const fields = new Map<string, Buffer>();
      await Promise.all(
        some.map(async (record, n) =>
          fields.set(record.id, await sealedKey(record, calls[n]?.shown)),
        ),
      );
      await insertArchived(connection.pool, some, clock.now());
      const sealFieldsOf = ({ row }: GeneratedCall) => fields.get(row.id) ?? Buffer.alloc(0);
      await insertRows(db, calls, { keys: indexKeys, sealFields: sealFieldsOf });
    }
    await connection.pool.query('analyze record, call');
  } finally {
    room.close();
    await connection.close();
  }
}

function generatedCall(record: MadeRecord): GeneratedCall {
  const texts = ['您好，请讲', '我想咨询一下'];
  const row: GeneratedCall['row'] = {
    ...{ id: record.id, startedAt: record.startedAt, durationMs: 30_000 },
    ...{ tier: record.tier as Tier, issueType: record.issueType, agentId: record.agentId },
    ...{ legAgentIds: [], teamId: record.teamId, channel: 'voice', direction: 'inbound' },
    ...(record.industry === undefined ? {} : { industry: record.industry }),
    ...{ phone: record.phone, ticketIds: [], findingCount: 0, texts },
    ...(record.account === undefined ? {} : { account: record.account }),
  };
  return { row, shown: { texts } };
}

/** What the steps leave behind of an archived call: its row, its key against a second delivery, its objects. */
async function insertArchived(
  pool: pg.Pool,
  records: readonly MadeRecord[],
  at: Date,
): Promise<void> {
  const facts = records.map(({ tier, issueType, industry, businessType }) =>
    JSON.stringify({
      media: {
        ...{ kind: 'audio', container: 'wav', codec: 'pcm_s16le', channels: 2 },
        ...{ sampleRate: 8000, durationMs: 30_000 },
      },
      classification: { tier, issueType, industry, businessType, reasons: [] },
    }),
  );
  const ids = records.map(({ id }) => id);
  const digests = ids.map((id) => createHash('sha256').update(id).digest());
  const started = records.map(({ startedAt }) => startedAt.toISOString());
  const tiers = records.map(({ tier }) => tier);
  await pool.query(
    `insert into record (id, state, source_system, idempotency_key, media_digest, media_bytes, started_at,
       received_at, archived_at, facts, tier)
     select id, 'archived', $1, digest, digest, 480000, started, $2, $2, facts::jsonb, tier
     from unnest($3::uuid[], $4::bytea[], $5::timestamptz[], $6::text[], $7::text[])
       as given (id, digest, started, facts, tier)`,
    [SOURCE_SYSTEM, at, ids, digests, started, facts, tiers],
  );
  await pool.query(
    `insert into intake_key (idempotency_key, record_id, media_digest)
     select digest, id, digest from unnest($1::uuid[], $2::bytea[]) as given (id, digest)`,
    [ids, digests],
  );
  await pool.query(
    `insert into sealed_object (id, record_id, purpose, ordinal, pool, version, media_type, plain_bytes,
       sealed_bytes, sealed_sha256, created_at)
     select id, id, 'record-key', 0, tier, 1, 'application/octet-stream', 0, 0, sha256(''), $1
     from unnest($2::uuid[], $3::text[]) as given (id, tier)`,
    [at, ids, tiers],
  );
  await pool.query(
    `insert into object_copy (object_id, site, written_at, verified_at)
     select id, site, $1, $1 from unnest($2::uuid[]) as id, unnest($3::text[]) as site`,
    [at, ids, SITES],
  );
}
