import type { Viewer } from '../policy.ts';
import { demandSecondFactor, returnAttempts, signInFailed, takeAttempts } from '../sign-in.ts';
import { type Admission, type AdmitDeps, admitIdentity } from './admit-identity.ts';
import { sameName } from './plain-names.ts';
import type { PasswordProvider } from './ports.ts';

/**
 * Opens a session for whom a directory knows by name and password, and by a code where the account has
 * a second factor. Counted and shut like names of our own. Rejects as `signIn` and `admitIdentity` do,
 * and with PROVIDER_UNREACHABLE.
 */
export async function signInByProvider(
  deps: AdmitDeps,
  by: { provider: PasswordProvider; admission: Admission },
  attempt: {
    username: string;
    password: string;
    totp?: string | undefined;
    address?: string;
    requestId: string;
    client?: string | undefined;
  },
): Promise<{ viewer: Viewer; cookies: string[] }> {
  const { provider, admission } = by;
  const name = `${provider.id}\0${sameName(attempt.username)}`;
  const taken = await takeAttempts(deps, name, attempt.address);
  const identity = await provider
    .prove(attempt.username, attempt.password)
    .catch(async (error: unknown) => {
      await returnAttempts(deps, taken);
      throw error;
    });
  if (identity === undefined) throw signInFailed();
  const { requestId, client } = attempt;
  return admitIdentity(deps, admission, identity, { requestId, client }, (staff) =>
    demandSecondFactor(deps, staff, attempt.totp, taken),
  );
}
