import { revokePasskeysOf } from '../../access/passkeys/index.ts';
import { endRequestsOf } from '../../access/requests/index.ts';
import type { Db } from '../../core/database.ts';
import type { ServeDeps } from '../ports.ts';

/** What ends with a role, in the transaction of its change: passkeys that signed in it, and what it held. */
export async function leaveRole(
  { clock, warrants }: Pick<ServeDeps, 'clock' | 'warrants'>,
  db: Db,
  account: string,
): Promise<void> {
  // Who was enrolled in the old role signs nothing in the new one.
  await revokePasskeysOf({ db, clock, warrants }, account);
  await endRequestsOf({ db, clock, warrants }, account);
}
