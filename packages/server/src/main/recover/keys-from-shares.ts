import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';
import { systemRandom } from '../../core/random.ts';
import { readShare, restoreKeyFolder } from '../../keys/index.ts';
import { openSite } from '../open-sites.ts';
import type { SiteEntry } from '../sites-file.ts';

/**
 * Makes the key folder from officers' shares and the escrow bundle that lies at the site that is left.
 * Does nothing where the folder is there already: a recovery that goes on. Rejects with OBJECT_MISSING
 * when the site has no bundle of that set, and as `restoreKeyFolder` does.
 */
export async function keysFromShares(
  entry: SiteEntry,
  shareFiles: readonly string[],
  folder: string,
): Promise<void> {
  if (existsSync(join(folder, 'keys.json'))) return;
  const shares = await Promise.all(
    shareFiles.map((file) =>
      readFile(file, 'utf8').catch((cause: unknown) => {
        throw new ArchiveError('CONFIG_UNREADABLE', `${file} cannot be read`, { cause });
      }),
    ),
  );
  const { archiveId, setId } = readShare(shares[0] ?? '');
  const { store } = await openSite(entry, {
    ...{ archiveId, create: false, looking: true, clock: systemClock, random: systemRandom },
  });
  const parts: Uint8Array[] = [];
  for await (const part of store.get('journal', `escrow/${setId}`)) parts.push(part);
  await restoreKeyFolder({ shares, bundle: Buffer.concat(parts), folder });
}
