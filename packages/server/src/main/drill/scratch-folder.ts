import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid } from '../../core/ids.ts';
import { endOrphan } from '../../platform/postgres/embedded-server.ts';

/** Removes what a drill left, and ends a server that outlived it. */
export async function removeScratch(scratch: string): Promise<void> {
  await endOrphan(join(scratch, 'pg'));
  await rm(scratch, { recursive: true, force: true });
}

/** What drills have left in their folder; whatever else lies there is none of theirs. */
export async function scratchesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(isUuid).map((name) => join(folder, name));
}
