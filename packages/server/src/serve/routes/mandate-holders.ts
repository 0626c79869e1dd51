import { listAccounts, type StaffDeps } from '../../access/index.ts';
import { requestError } from '../../access/requests/index.ts';
import type { Party } from '../../record/grant.ts';

const regulators = async (deps: StaffDeps) =>
  (await listAccounts(deps)).filter(
    (one) => one.role === 'regulator' && one.lockedAt === undefined && one.personRef !== undefined,
  );

/** Who can hold a mandate: regulators who can sign in and whose person is known. */
export const mandateHolders = async (deps: StaffDeps): Promise<{ id: string; name: string }[]> =>
  (await regulators(deps)).map((one) => ({ id: one.id, name: one.displayName }));

/** The regulator as a mandate names them. Rejects with MANDATE_HOLDER_INVALID. */
export async function holderOf(deps: StaffDeps, id: string): Promise<Party> {
  const found = (await regulators(deps)).find((one) => one.id === id);
  if (found?.personRef === undefined) {
    throw requestError(
      'MANDATE_HOLDER_INVALID',
      'is no regulator with an account',
      'body/holderId',
    );
  }
  return { account: found.id, role: found.role, person: found.personRef };
}
