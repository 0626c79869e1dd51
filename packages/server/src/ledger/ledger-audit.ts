import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { appendEntry } from './append-entry.ts';
import { ledgerError } from './ledger-error.ts';
import type { Sequencer } from './sequencer-port.ts';

/**
 * The ledger as other rooms see it. While entries cannot be made durable, `append` rejects with
 * LEDGER_UNAVAILABLE, so that the act is refused before it is done; LEDGER_ENTRY_INVALID when it is
 * no entry.
 */
export function ledgerAudit(deps: { clock: Clock; sequencer: Sequencer }): Audit {
  return {
    append: async (tx, entry) => {
      if (!deps.sequencer.health().ok) {
        throw ledgerError('LEDGER_UNAVAILABLE', 'the ledger cannot be written now');
      }
      const { actor, ...rest } = entry;
      return appendEntry(tx, deps.clock, { actorId: actor.id, actorRole: actor.role, ...rest });
    },
    settle: (outboxId) => deps.sequencer.wait(outboxId),
  };
}
