import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { compareLedgers, readLedger } from '../../oracle/read-ledger.ts';
import type { Books } from './books.ts';
import type { Scene } from './scene.ts';

const LONGEST_MS = 30_000;

interface Entry {
  action: string;
  outcome: string;
  resource?: string;
  requestId?: string;
  detail?: Record<string, unknown>;
}

/**
 * The ledger of every site verifies with a reader of the public formats, all are one history of one
 * length, and each act that was answered is in it once. Resolves to its number of entries.
 */
export async function judgeActs(
  scene: Scene,
  books: Books,
  vkey: string,
  problems: string[],
): Promise<number> {
  const folder = (site: string) => join(scene.archive.data, 'sites', site, 'ledger');
  const read = () => {
    const { size } = compareLedgers(folder('hq'), folder('branch'), vkey);
    const { otherSize } = compareLedgers(folder('hq'), folder('cloud'), vkey);
    const { entries } = readLedger(folder('hq'), vkey);
    const sizes = [size, otherSize, readLedger(folder('branch'), vkey).size, entries.length];
    return { entries, equal: sizes.every((one) => one === entries.length) };
  };
  // A site may be a checkpoint behind, for as long as it takes to write one.
  const began = Date.now();
  let found = tried(read);
  while (!('entries' in found && found.equal) && Date.now() - began < LONGEST_MS) {
    await wait(500);
    found = tried(read);
  }
  if (!('entries' in found)) {
    problems.push(`ledger: ${found.error}`);
    return 0;
  }
  if (!found.equal) problems.push('ledger: the sites do not come to one size');
  const entries = found.entries.map((bytes) => JSON.parse(bytes.toString()) as Entry);
  problems.push(...judgeEntries(entries, books));
  return entries.length;
}

function judgeEntries(entries: readonly Entry[], books: Books): string[] {
  const problems: string[] = [];
  const byRequest = Map.groupBy(entries, ({ requestId }) => requestId ?? '');
  for (const [requestId, action] of books.acts) {
    const count = (byRequest.get(requestId) ?? []).filter(
      (entry) => entry.action === action && entry.outcome === 'ok',
    ).length;
    if (count !== 1) problems.push(`ledger: ${action} of request ${requestId} is in it ${count} ×`);
  }
  const intakes = Map.groupBy(
    entries.filter(({ action }) => action === 'record.intake'),
    ({ resource }) => resource ?? '',
  );
  const ends = Map.groupBy(
    entries.filter(
      ({ action, detail }) => action === 'record.state' && detail?.['to'] === 'archived',
    ),
    ({ resource }) => resource ?? '',
  );
  for (const recordId of books.recordIds) {
    const [taken, ended] = [intakes.get(recordId)?.length ?? 0, ends.get(recordId)?.length ?? 0];
    if (taken !== 1) problems.push(`ledger: record ${recordId} was taken in ${taken} ×`);
    if (ended > 1) problems.push(`ledger: record ${recordId} was archived ${ended} ×`);
  }
  return problems;
}

function tried<T>(work: () => T): T | { error: string } {
  try {
    return work();
  } catch (error) {
    return { error: (error as Error).message };
  }
}
