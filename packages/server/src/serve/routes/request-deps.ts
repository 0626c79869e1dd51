import { accountAt } from '../../access/index.ts';
import type { RequestDeps } from '../../access/requests/index.ts';
import type { ServeDeps } from '../ports.ts';

/** What access requests take of all that is served with. */
export const requestDeps = (deps: ServeDeps): RequestDeps => ({
  ...deps,
  ...deps.approvals,
  accountOf: (id) => accountAt(deps.signIn, id),
});
