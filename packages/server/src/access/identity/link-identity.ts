import { accessError } from '../access-error.ts';
import { type ChangeDeps, changeStaff, findStaff } from '../staff-row.ts';
import { subjectRef } from './admit-identity.ts';

/**
 * Says by an administrator that whoever this provider knows under `subject` is the person of this
 * account, which keeps its role. Rejects with ACCOUNT_UNKNOWN, IDENTITY_TAKEN when the identity has an
 * account, IDENTITY_UNLINKABLE for a service's and for one without a password.
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
    throw accessError('IDENTITY_TAKEN', 'that identity has another account');
  }
  await changeStaff(deps, id, ({ role, password_hash }) => {
    if (role === 'service' || password_hash === null) {
      throw accessError('IDENTITY_UNLINKABLE', 'only accounts with a password are linked');
    }
    return { provider, subject };
  });
}
