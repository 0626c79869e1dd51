import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import { endOrphan } from '../../platform/postgres/embedded-server.ts';

/** Removes what a drill left, and ends a server that outlived it. */
export async function removeScratch(scratch: string): Promise<void> {
  await endOrphan(join(scratch, 'pg'));
  await rm(scratch, { recursive: true, force: true });
}

/** The drills of this archive that have left something in the folder; what is not theirs stays. */
export async function scratchesOf(db: Queryable, folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isUuid);
  if (names.length === 0) return [];
  const rows = await db.selectFrom('drill_report').select('id').where('id', 'in', names).execute();
  return rows.map(({ id }) => id);
}
