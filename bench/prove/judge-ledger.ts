import { join } from 'node:path';
import { compareLedgers, readLedger } from '../oracle/read-ledger.ts';
import type { TestArchive } from './test-archive.ts';

/** How often each act was done through the archive's doors, by the name that the ledger gives it. */
export type Acts = Record<string, number>;

/**
 * The ledger at every site verifies with a reader of the public formats, no site contradicts another,
 * and every act that was done, and no other one, is in it. Resolves to the number of entries.
 */
export function judgeLedger(
  archive: TestArchive,
  verifierKey: string,
  acts: Acts,
  problems: string[],
): number {
  const folder = (site: string) => join(archive.data, 'sites', site, 'ledger');
  try {
    const { entries } = readLedger(folder('hq'), verifierKey);
    for (const site of ['branch', 'cloud']) compareLedgers(folder('hq'), folder(site), verifierKey);
    const counted: Acts = {};
    for (const bytes of entries) {
      const { action } = JSON.parse(bytes.toString()) as { action: string };
      counted[action] = (counted[action] ?? 0) + 1;
    }
    for (const [action, done] of Object.entries(acts)) {
      if (counted[action] !== done) {
        problems.push(`ledger: ${counted[action] ?? 0} × ${action}, ${done} were done`);
      }
    }
    return entries.length;
  } catch (error) {
    problems.push(`ledger: ${(error as Error).message}`);
    return 0;
  }
}
