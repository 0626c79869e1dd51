import { isSuccessorName } from '@voxkeep/proof';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { errorKind } from '../core/error-kind.ts';
import { ledgerAudit, startSequencer } from '../ledger/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import type { Closers } from './closers.ts';

type Sequencing = Parameters<typeof startSequencer>[0];

/** The first log's name: first line of its checkpoints. */
export const originOf = (archiveId: string): string => `voxkeep/${archiveId}`;

/**
 * The ledger at the sites, signed as this archive. While witnesses may not know the name that is in force,
 * `say` is told which key to give them: it may be that nothing is answered before they do.
 */
export async function openLedger(
  more: Omit<Sequencing, 'origin' | 'onError' | 'onSuccession'> & {
    archiveId: string;
    version: string;
    log: EventLog;
    closers: Closers;
    say: (line: string) => void;
  },
) {
  const { archiveId, version, log, closers, say, ...sequencing } = more;
  const { db, clock } = sequencing;
  const origin = originOf(archiveId);
  let told = false;
  const sequencer = await startSequencer({
    ...sequencing,
    origin,
    onError: (error, where) => log.warn('ledger', { kind: errorKind(error), reason: where }),
    onSuccession: ({ previous, size, ...opened }) => {
      told = true;
      say(`the ledger had lost entries that a witness has seen: ${previous} ends with ${size}`);
      sayKey(opened, say);
    },
  });
  const named = sequencer.log();
  const isUnknown = sequencer.health().witnessing.size === undefined;
  if (isSuccessorName(named.origin) && isUnknown && !told) sayKey(named, say);
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
  return { sequencer, audit, note };
}

function sayKey(
  { origin, verifierKey }: { origin: string; verifierKey: string },
  say: (line: string) => void,
): void {
  say(
    `the ledger goes on as ${origin}; its key, for auditors and witnesses (voxkeep witness trust):`,
  );
  say(`  ${verifierKey}`);
}
