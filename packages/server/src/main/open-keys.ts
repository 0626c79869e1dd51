import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { assertKeysApart, createKeyFolder, type KeyStore, openKeyFolder } from '../keys/index.ts';
import type { Config } from './config.ts';

/** The archive's key folder; made for a new archive only, so that lost keys are noticed. */
export async function openKeys(
  config: Config,
  about: {
    archiveId: string;
    keyFolder: string;
    created: boolean;
    clock: Clock;
    /** Folders that keys must not lie in. */
    siteFolders: readonly string[];
  },
): Promise<KeyStore> {
  const { archiveId, keyFolder, clock } = about;
  await assertKeysApart(keyFolder, [config.data, ...about.siteFolders]);
  if (about.created && !existsSync(join(keyFolder, 'keys.json'))) {
    await createKeyFolder({ folder: keyFolder, archiveId, random: systemRandom });
  }
  return openKeyFolder({ folder: keyFolder, archiveId, clock, random: systemRandom });
}
