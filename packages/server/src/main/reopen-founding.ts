import { act } from '../access/index.ts';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import type { Warrants } from '../keys/index.ts';

/**
 * For whoever has the host, when too few approvers are left to confirm another: administrators and
 * compliance may confirm passkeys by password again, until three approvers are enrolled.
 */
export async function reopenFounding(deps: {
  db: Db;
  audit: Audit;
  warrants: Pick<Warrants, 'reopenFounding'>;
}): Promise<void> {
  await act(deps, async () => ({
    answer: undefined,
    entry: {
      ...{ actor: ARCHIVE_ACTOR, action: 'passkey.found', outcome: 'ok' },
      detail: { by: 'recover' },
    },
  }));
  await deps.warrants.reopenFounding();
}
