import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A call of which nothing is stored, as its receipt tells of it. */
export interface Refusal {
  name?: string;
  at: string;
  code: string;
  field?: string;
  reason?: string;
  removed: boolean;
}

const MOST_SHOWN = 50;
const MOST_LOOKED_AT = 2_000;
const LARGEST_BYTES = 64 * 1024;

/**
 * The receipts in `refused/` of calls of which nothing is stored, newest first. Those with a record
 * are left out: their record tells more. `reachable` is false when the drop folder cannot be read.
 */
export async function readRefusals(
  root: string,
): Promise<{ reachable: boolean; refused: Refusal[] }> {
  try {
    await readdir(root);
  } catch {
    return { reachable: false, refused: [] };
  }
  const folder = join(root, 'refused');
  const names = await readdir(folder).catch(() => []);
  const papers = names.filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const dated = await Promise.all(
    papers.slice(-MOST_LOOKED_AT).map(async (name) => {
      const stat = await lstat(join(folder, name)).catch(() => undefined);
      return stat?.isFile() ? [{ name, at: stat.mtimeMs }] : [];
    }),
  );
  const refused: Refusal[] = [];
  for (const { name } of dated.flat().sort((a, b) => b.at - a.at)) {
    if (refused.length === MOST_SHOWN) break;
    const refusal = await readPaper(join(folder, name));
    if (refusal !== undefined) refused.push(refusal);
  }
  return { reachable: true, refused };
}

/** Undefined for one with a record, and for whatever is no receipt of ours. */
async function readPaper(path: string): Promise<Refusal | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      if ((await file.stat()).size > LARGEST_BYTES) return undefined;
      return refusalOf(JSON.parse(await file.readFile('utf8')));
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

function refusalOf(paper: unknown): Refusal | undefined {
  if (typeof paper !== 'object' || paper === null) return undefined;
  const fields = paper as Record<string, unknown>;
  if (fields['format'] !== 'voxkeep/drop-receipt/v1') return undefined;
  const { recordId, at, code, removed } = fields;
  if (recordId !== undefined || typeof at !== 'string' || typeof code !== 'string')
    return undefined;
  return {
    ...{ at, code, removed: removed !== false },
    ...text('name', fields['name']),
    ...text('field', fields['field']),
    ...text('reason', fields['reason']),
  };
}

function text<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { [P in K]?: string };
}
