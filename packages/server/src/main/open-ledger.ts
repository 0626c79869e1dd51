import { noteSigner } from '@voxkeep/proof';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { errorKind } from '../core/error-kind.ts';
import { ledgerAudit, startSequencer } from '../ledger/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import type { Closers } from './closers.ts';

type Sequencing = Parameters<typeof startSequencer>[0];

/** The log's name: first line of its checkpoints. */
export const originOf = (archiveId: string): string => `voxkeep/${archiveId}`;

/** The ledger at the sites, signed as this archive. */
export async function openLedger(
  more: Omit<Sequencing, 'origin' | 'onError'> & {
    archiveId: string;
    version: string;
    log: EventLog;
    closers: Closers;
  },
) {
  const { archiveId, version, log, closers, ...sequencing } = more;
  const { db, clock, signingKey } = sequencing;
  const origin = originOf(archiveId);
  const verifierKey = noteSigner(origin, signingKey).vkey;
  const sequencer = await startSequencer({
    ...sequencing,
    origin,
    onError: (error, where) => log.warn('ledger', { kind: errorKind(error), reason: where }),
  });
  closers.add(() => sequencer.stop());
  const audit = ledgerAudit({ clock, sequencer });

  /** Puts the archive's own act on the ledger, in a checkpoint before this resolves. */
  async function note(action: string): Promise<void> {
    const { outboxId } = await db.transaction().execute((tx) =>
      audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action, outcome: 'ok' },
        detail: { version },
      }),
    );
    await audit.settle(outboxId);
  }
  return { origin, verifierKey, sequencer, audit, note };
}
