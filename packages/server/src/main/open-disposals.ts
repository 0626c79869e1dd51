import type { RecordId } from '../core/ids.ts';
import type { KeyRoom, KeyStore } from '../keys/index.ts';
import type { Sequencer } from '../ledger/index.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { EventLog } from '../platform/log/logger.ts';
import type { RunDeps, ViewDeps } from '../retire/disposal/index.ts';
import type { DisposalGate } from '../retire/may-dispose.ts';
import type { DisposalsPort } from '../serve/ports.ts';
import type { Closers } from './closers.ts';
import { type Config, SITE_NAMES } from './config.ts';
import { createDisposals } from './disposals-view.ts';
import { type Disposer, startDisposer } from './start-disposer.ts';

/** Disposals: what works them, and the door to them. */
export function openDisposals(
  config: Config,
  parts: Pick<RunDeps, 'notices' | 'signers' | 'archiveId' | 'random'> & {
    ledger: Pick<Sequencer, 'log'>;
    pipeline: PipelineDeps;
    gate: DisposalGate;
    keys: KeyStore;
    keyRoom: KeyRoom;
    texts: RunDeps['texts'] & ViewDeps['texts'];
    log: EventLog;
    closers: Closers;
  },
): DisposalsPort & Pick<Disposer, 'askAgain'> {
  const { pipeline, keys, keyRoom, ledger, log, closers, ...given } = parts;
  const { db, clock, audit, vault, timeZone } = pipeline;
  const deps = {
    ...{ ...given, db, clock, audit, vault, timeZone },
    mostAlone: config.disposalsAlone,
    siteNames: SITE_NAMES,
    epoch: () => keys.currentEpoch('core'),
    forgetKeys: (recordId: RecordId) => keyRoom.drop(recordId),
  };
  const settings = { at: config.disposalAt, perMinute: config.disposalsPerMinute };
  const disposer = startDisposer(deps, settings, log);
  closers.add(() => disposer.stop());
  const port = createDisposals({ ...deps, log: () => ledger.log() }, disposer);
  return { ...port, askAgain: disposer.askAgain };
}
