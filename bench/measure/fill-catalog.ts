import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { systemClock } from '../../packages/server/src/core/clock.ts';
import type { ObjectId, RecordId } from '../../packages/server/src/core/ids.ts';
import { systemRandom } from '../../packages/server/src/core/random.ts';
import { openIndexEpochs } from '../../packages/server/src/index/index.ts';
import { createKeyRoom, openKeyFolder, sealFields } from '../../packages/server/src/keys/index.ts';
import { SiteSet, siteEnvelopes } from '../../packages/server/src/place/index.ts';
import { openDirectorySite } from '../../packages/server/src/platform/objects/directory-site.ts';
import { connect } from '../../packages/server/src/platform/postgres/connect.ts';
import type { TestArchive } from '../prove/test-archive.ts';
import { type GeneratedCall, generateRows, insertRows } from '../search-rows.ts';

const CHUNK = 1000;

/**
 * Puts generated calls into a running archive's catalog by the statements that index real ones, each
 * with its own record key, its envelope at hq, and its redacted words sealed under that key.
 */
export async function fillCatalog(
  archive: TestArchive,
  count: number,
): Promise<{ rows: number; indexMs: number; sealMs: number }> {
  const { archiveId } = JSON.parse(readFileSync(join(archive.data, 'archive.json'), 'utf8'));
  const keys = await openKeyFolder({
    ...{ folder: archive.keys, archiveId, clock: systemClock, random: systemRandom },
  });
  const site = { name: 'hq', folder: join(archive.data, 'sites/hq'), archiveId, create: false };
  const sites = new SiteSet([await openDirectorySite(site)]);
  const room = createKeyRoom({
    ...{ store: keys, envelopes: siteEnvelopes(sites), clock: systemClock, random: systemRandom },
  });
  const connection = connect({
    ...{ host: join(archive.data, 'run'), user: 'voxkeep', database: 'postgres' },
    password: keys.secret('postgres-password').toString('hex'),
  });
  const { db } = connection;
  const { current: indexKeys } = await openIndexEpochs({ db, clock: systemClock, keys });
  let [rows, indexMs, sealMs] = [0, 0, 0];
  let chunk: GeneratedCall[] = [];
  const flush = async () => {
    const started = performance.now();
    const sealed = new Map<string, Buffer>();
    await Promise.all(
      chunk.map(async ({ row, shown }) => {
        const id = row.id as RecordId;
        const ref = { recordId: id, objectId: row.id as ObjectId, pool: row.tier, version: 1 };
        const made = await room.createKey({ ...ref, purpose: 'record-key' }, ['hq']);
        const plain = deflateRawSync(JSON.stringify(shown));
        sealed.set(row.id, sealFields(made.key, row.id, plain, systemRandom));
        await made.stored;
      }),
    );
    sealMs += performance.now() - started;
    const done = await insertRows(connection.db, chunk, {
      keys: indexKeys,
      sealFields: ({ row }) => sealed.get(row.id) ?? Buffer.alloc(0),
    });
    rows += done.rows;
    indexMs += done.indexMs;
    chunk = [];
  };
  try {
    for (const call of generateRows(count, 1)) {
      chunk.push(call);
      if (chunk.length === CHUNK) await flush();
    }
    if (chunk.length > 0) await flush();
    await connection.pool.query('vacuum analyze');
    await connection.pool.query('checkpoint');
  } finally {
    room.close();
    await connection.close();
  }
  return { rows, indexMs, sealMs };
}
