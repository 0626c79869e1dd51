import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dropError } from './drop-error.ts';

/**
 * What stays in the drop folder of a call: ids, codes and times; no content, no number, no text
 * that anybody wrote.
 */
export interface DropReceipt {
  recordId?: string;
  state?: string;
  sourceSystem?: string;
  /** Left out when it could hold a phone number. */
  sourceCallId?: string;
  /** The file's name without its ending, left out when it could hold a phone number. */
  name?: string;
  at: string;
  receivedAt?: string;
  /** Of the entry in the ledger that proves the intake. */
  ledgerIndex?: number;
  code?: string;
  field?: string;
  reason?: string;
  /** False when the source stays in the drop folder. */
  removed?: boolean;
}

/** Writes `<folder>/<name>.json`, whole and durable or not at all; the same name is written over. */
export async function writeReceipt(
  root: string,
  folder: 'done' | 'refused',
  name: string,
  receipt: DropReceipt,
): Promise<void> {
  const place = await ownFolder(root, folder);
  const draft = join(place, `.${name}.tmp`);
  // 'w' would follow a link that somebody put there.
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o644);
  try {
    const whole = { format: 'voxkeep/drop-receipt/v1', ...receipt };
    await file.writeFile(`${JSON.stringify(whole, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(place, `${name}.json`));
}

/** A folder of our own in the drop folder; made when missing. Rejects with DROP_FOLDER_TAKEN. */
export async function ownFolder(root: string, name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(path)).isDirectory()) {
    throw dropError('DROP_FOLDER_TAKEN', `${name} in the drop folder is not a folder`);
  }
  return path;
}
