import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveClock } from '../access/clock.ts';
import { TestArchive } from '../test-archive.ts';
import type { OwnPostgres } from './own-postgres.ts';
import { rebuildFrom } from './rebuild.ts';
import { seedRecords } from './seed-records.ts';
import { SITES } from './site-folders.ts';

const MILLION = 1_000_000;

/**
 * How long a rebuild takes for catalogs of two sizes, and what that makes for ten million records: the
 * time of one more record, measured, times ten million, and what every rebuild takes besides.
 */
export async function measureScale(
  parts: { folder: string; postgres: OwnPostgres; rows: readonly number[] },
  say: (line: string) => void,
): Promise<{ minutesAtTenMillion: number; line: string }> {
  const { postgres } = parts;
  const archive = new TestArchive();
  const clock = new ArchiveClock(archive);
  const sites = join(parts.folder, 'scale-sites');
  mkdirSync(sites);
  const env = {
    ...clock.env,
    VOXKEEP_SITES: ['hq', 'branch', 'cloud'].map((one) => `${one}=${join(sites, one)}`).join(),
    DATABASE_URL_FILE: postgres.urlFile('scale'),
    ...{ VOXKEEP_SNAPSHOT_HOURS: '1', VOXKEEP_LOG_LEVEL: 'warn' },
  };
  const taken: { records: number; seconds: number }[] = [];
  try {
    await postgres.create('scale');
    await archive.start(['--empty'], clock.nodeArgs, env);
    let records = 0;
    for (const wanted of parts.rows) {
      await seedRecords(postgres, 'scale', records, wanted);
      records = wanted;
      clock.shift(2 * 3_600_000);
      await untilSnapshot(postgres, clock);
      await archive.stop();
      const times: number[] = [];
      for (const site of SITES) {
        const folder = join(parts.folder, `scale-${wanted}-${site}`);
        // On an empty machine, with the database that the archive brings.
        const { seconds } = await rebuildFrom(site, {
          ...{ folder, siteFolder: join(sites, site), keys: archive.keys },
        });
        rmSync(folder, { recursive: true, force: true });
        say(`${wanted} records rebuilt from ${site} in ${seconds.toFixed(1)} s`);
        times.push(seconds);
      }
      // From the slowest.
      taken.push({ records: wanted, seconds: Math.max(...times) });
      await archive.start([], clock.nodeArgs, env);
    }
  } finally {
    await archive.stop();
    archive.remove();
  }
  const [small, large] = taken;
  if (small === undefined || large === undefined) throw new Error('two sizes have to be measured');
  const each = (large.seconds - small.seconds) / (large.records - small.records);
  const besides = small.seconds - each * small.records;
  const minutes = (each * 10 * MILLION + besides) / 60;
  const pace = Math.round(1 / each);
  return {
    minutesAtTenMillion: Math.round(minutes * 10) / 10,
    line: `rebuild ${pace} records/s, 10 million in ${minutes.toFixed(1)} min as measured`,
  };
}

/** One that began after the clock went ahead, whole. */
async function untilSnapshot(postgres: OwnPostgres, clock: ArchiveClock): Promise<void> {
  const since = new Date(clock.now().getTime() - 3_600_000);
  for (let waited = 0; waited < 1_800_000; waited += 500) {
    const rows = await postgres.ask(
      'scale',
      'select id from journal_snapshot where ended_at is not null and started_at > $1',
      [since],
    );
    if (rows.length > 0) return;
    await sleep(500);
  }
  throw new Error('no snapshot was written');
}
