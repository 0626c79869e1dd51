import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../core/errors.ts';
import { ledgerError } from './ledger-error.ts';

const WAIT_MS = 5_000;
const LOOK_MS = 50;

/** Something was committed, and is not in a signed checkpoint yet: within a second it is. */
export const notYet = (what: string) =>
  ledgerError('LEDGER_UNAVAILABLE', `${what} are not in a signed checkpoint yet`);

/** What `work` resolves to, once the ledger has come as far as the catalog; after five seconds, its refusal. */
export async function whenLedgered<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isLate = performance.now() >= deadline;
      if (isLate || !hasCode(error, 'LEDGER_UNAVAILABLE')) throw error;
    }
    await pause(LOOK_MS);
  }
}
