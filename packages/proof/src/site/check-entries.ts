import { entriesPath, TILE_WIDTH, tileWidth } from '../log/tile-path.ts';
import type { Findings } from './site-problem.ts';
import type { StoredTree } from './stored-tree.ts';

/**
 * Entries say their own index and never a time before the entry above them: what a log signs may
 * still be a log that no archive wrote.
 */
export function checkEntries(stored: StoredTree, found: Findings): void {
  let before = '';
  for (const [bundle, entries] of stored.bundles.entries()) {
    const path = entriesPath(bundle, tileWidth(0, bundle, stored.size));
    for (const [at, bytes] of (entries ?? []).entries()) {
      const index = bundle * TILE_WIDTH + at;
      const entry = parse(bytes);
      if (entry === undefined) {
        found.problem('ENTRY_INVALID', path, 'is no entry of version 1', index);
        continue;
      }
      if (entry.seq !== index) {
        found.problem('ENTRY_INVALID', path, `says that it is entry ${entry.seq}`, index);
      }
      if (entry.time < before) {
        found.problem('TIME_BACKWARDS', path, `is older than the entry before it`, index);
      }
      before = entry.time;
    }
  }
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function parse(bytes: Uint8Array): { seq: number; time: string } | undefined {
  try {
    const entry = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const { v, seq, time } = entry as { v: unknown; seq: unknown; time: unknown };
    if (v !== 1 || typeof seq !== 'number' || typeof time !== 'string') return undefined;
    return INSTANT.test(time) ? { seq, time } : undefined;
  } catch {
    return undefined;
  }
}
