import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { Config } from './config.ts';
import { openKeys } from './open-keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-open-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes keys for a new archive only: those of one that is known are missed, with any database', async () => {
  const keyFolder = join(folder, 'keys');
  const config = { data: join(folder, 'data'), databaseUrl: join(folder, 'url') } as Config;
  const open = (created: boolean) =>
    openKeys(config, {
      ...{ archiveId: '0198a1b2-0000-7000-8000-000000000001', keyFolder, created },
      ...{ clock: systemClock, siteFolders: [] },
    });
  await expect(open(false)).rejects.toMatchObject({ code: 'KEYS_MISSING' });
  expect(existsSync(keyFolder)).toBe(false);
  await open(true);
  await open(false);
});
