import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../../packages/server/src/core/clock.ts';
import { appendEntry, startSequencer } from '../../../packages/server/src/ledger/index.ts';
import { directoryLedgerStore } from '../../../packages/server/src/platform/objects/directory-ledger-store.ts';
import { connect, poolConfig } from '../../../packages/server/src/platform/postgres/connect.ts';
import { startEmbeddedServer } from '../../../packages/server/src/platform/postgres/embedded-server.ts';
import { migrate } from '../../../packages/server/src/platform/postgres/migrate.ts';

const WRITERS = 256;

export interface Throughput {
  entries: number;
  perSecond: number;
  /** How long an act waited until its entry was durable at two sites. */
  waitMs: { median: number; p99: number };
}

/**
 * Acts that each commit in a transaction of their own and wait until their entry is in a signed
 * checkpoint at hq and one more site, 256 at a time, on a PostgreSQL that flushes as in service.
 */
export async function measureThroughput(folder: string, entries: number): Promise<Throughput> {
  const server = await startEmbeddedServer({
    ...{ dataDir: join(folder, 'pg'), socketDir: folder, password: 'throw-away', durable: true },
  });
  if ('url' in server.address) throw new Error('the embedded server has a socket');
  const pool = new pg.Pool(poolConfig(server.address));
  await migrate(pool);
  await pool.end();
  const connection = connect(server.address, { maxConnections: 16 });
  const sites = ['hq', 'branch', 'cloud'].map((name) => ({ name, siteFolder: join(folder, name) }));
  for (const { siteFolder } of sites) mkdirSync(siteFolder, { recursive: true });
  const sequencer = await startSequencer({
    ...{ db: connection.db, pool: connection.pool, clock: systemClock },
    ...{ origin: 'prove/throughput', signingKey: Buffer.alloc(32, 3) },
    stores: sites.map((site) => directoryLedgerStore(site)),
  });
  const waits: number[] = [];
  let left = entries;
  const writer = async () => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      const { outboxId } = await connection.db.transaction().execute((tx) =>
        appendEntry(tx, systemClock, {
          ...{ actorId: 'u-1', actorRole: 'qa', action: 'record.view', outcome: 'ok' },
          ...{ resource: `r-${left}`, requestId: `q-${left}` },
        }),
      );
      await sequencer.wait(outboxId);
      waits.push(performance.now() - began);
    }
  };
  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: WRITERS }, writer));
    const seconds = (performance.now() - began) / 1000;
    waits.sort((a, b) => a - b);
    const at = (share: number) => waits[Math.floor(waits.length * share)] ?? 0;
    return {
      entries,
      perSecond: entries / seconds,
      waitMs: { median: at(0.5), p99: at(0.99) },
    };
  } finally {
    await sequencer.stop();
    await connection.close();
    await server.stop();
  }
}
