import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../../packages/server/src/core/clock.ts';
import { systemRandom } from '../../../packages/server/src/core/random.ts';
import { openKeyFolder } from '../../../packages/server/src/keys/index.ts';
import type { TestArchive } from '../test-archive.ts';

/** The archive's PostgreSQL as its superuser, who may write whatever he likes. */
export async function superuserOf(archive: TestArchive): Promise<pg.Pool> {
  const { archiveId } = JSON.parse(readFileSync(join(archive.data, 'archive.json'), 'utf8'));
  const keys = await openKeyFolder({
    ...{ folder: archive.keys, archiveId, clock: systemClock, random: systemRandom },
  });
  return new pg.Pool({
    ...{ host: join(archive.data, 'run'), port: 5432, user: 'voxkeep', database: 'postgres' },
    password: keys.secret('postgres-password').toString('hex'),
    max: 8,
  });
}
