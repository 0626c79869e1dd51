import { accessError } from '../access-error.ts';
import { type ChangeDeps, changeStaff, findStaff } from '../staff-row.ts';
import { subjectRef } from './admit-identity.ts';

/**
 * Says by an administrator that whoever this provider knows under `subject` is the person of this
 * account, which keeps its role. Rejects with ACCOUNT_UNKNOWN, ACCOUNT_EXISTS when the identity has an
 * account, ACCOUNT_INVALID for a service's.
 */
export async function linkIdentity(
  deps: ChangeDeps,
  id: string,
  identity: { provider: string; subject: string },
): Promise<void> {
  const { provider } = identity;
  const subject = subjectRef(deps, provider, identity.subject);
  const holder = await findStaff(deps, { provider, subject });
  if (holder !== undefined && holder.actor_id !== id) {
    throw accessError('ACCOUNT_EXISTS', 'that identity has another account', 'subject');
  }
  await changeStaff(deps, id, ({ role, password_hash }) => {
    if (role === 'service' || password_hash === null) {
      throw accessError('ACCOUNT_INVALID', 'only accounts with a password are linked', 'id');
    }
    return { provider, subject };
  });
}
