import type { LedgerEntryView, LedgerPage } from '@voxkeep/contract';
import { readCheckpoint, readLog } from '@voxkeep/proof';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type LogSource, unproven } from './log-source.ts';

export interface LedgerFilter {
  actor?: string;
  record?: string;
  action?: string;
  outcome?: string;
  from?: string;
  to?: string;
}

/** An entry's logged fields; the same offline and over HTTP. */
export type FoundEntry = Omit<LedgerEntryView, 'actor'> & { actor: { id: string; role: string } };

/**
 * Entries of a log that is verified while it is read, newest first; none is given before all is
 * proven. Rejects with LOG_… when it is not, CHECKPOINT_MISSING.
 */
export async function searchLog(
  source: LogSource,
  filter: LedgerFilter,
  limit: number,
): Promise<{ entries: FoundEntry[]; size: number }> {
  const [from, to] = [instant(filter.from, 'from'), instant(filter.to, 'to')];
  const found: FoundEntry[] = [];
  try {
    const checkpoint = await readCheckpoint(source.files, source.vkey);
    if (checkpoint === undefined) {
      throw new CommandError('CHECKPOINT_MISSING', 'there is no checkpoint', EXIT.unproven);
    }
    for await (const { index, entry } of readLog(source.files, checkpoint)) {
      const one = parseEntry(index, entry);
      if (fits(one, filter, from, to)) found.push(one);
      if (found.length > limit) found.shift();
    }
    return { entries: found.reverse(), size: checkpoint.size };
  } catch (error) {
    throw unproven(error, 'the log');
  }
}

/** The same by the archive, for someone who may read the ledger. */
export async function searchArchive(
  connection: Connection,
  filter: LedgerFilter,
  limit: number,
): Promise<{ entries: FoundEntry[]; size: number }> {
  const entries: FoundEntry[] = [];
  let before: number | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(Math.min(200, limit - entries.length)) });
    for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
    if (before !== undefined) query.set('before', String(before));
    const page = await connection.json<LedgerPage>('GET', `/ledger/entries?${query}`);
    entries.push(...page.entries);
    before = page.next;
    if (before === undefined || entries.length >= limit) return { entries, size: page.size };
  }
}

/** Throws LOG_ENTRY_BAD. */
export function parseEntry(index: number, bytes: Uint8Array): FoundEntry {
  try {
    const { v, seq, ...entry } = JSON.parse(Buffer.from(bytes).toString()) as FoundEntry & {
      v: number;
      seq: number;
    };
    if (v === 1 && seq === index) return { ...entry, index };
  } catch {
    // Told below, with the index.
  }
  throw new CommandError('LOG_ENTRY_BAD', `entry ${index} is none of version 1`, EXIT.unproven);
}

/** One line for a terminal. */
export function entryLine(entry: FoundEntry): string {
  const detail = Object.entries(entry.detail ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    String(entry.index).padStart(8),
    entry.time,
    entry.action.padEnd(18),
    entry.outcome.padEnd(7),
    `${entry.actor.role} ${entry.actor.id}`,
    entry.resource ?? '-',
    ...detail,
  ].join('  ');
}

function fits(
  entry: FoundEntry,
  { actor, record, action, outcome }: LedgerFilter,
  from: number | undefined,
  to: number | undefined,
): boolean {
  const at = Date.parse(entry.time);
  const isKind = action?.endsWith('.') === true;
  return (
    (actor === undefined || entry.actor.id === actor) &&
    (record === undefined || entry.resource === record) &&
    (action === undefined ||
      (isKind ? entry.action.startsWith(action) : entry.action === action)) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (from === undefined || at >= from) &&
    (to === undefined || at < to)
  );
}

function instant(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (zoned && Number.isFinite(at)) return at;
  const message = `--${name}: an instant with its zone, such as 2026-11-27T09:00:00+08:00`;
  throw new CommandError('ARGUMENT_INVALID', message, EXIT.usage);
}
