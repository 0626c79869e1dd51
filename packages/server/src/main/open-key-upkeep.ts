import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { systemRandom as random } from '../core/random.ts';
import type { IndexEpochs } from '../index/index.ts';
import { escrowSets, type KeyRoom, type KeyStore } from '../keys/index.ts';
import { setsToldBy } from '../ledger/index.ts';
import { settleEpochEnds } from '../pipeline/rotation/epoch-ends.ts';
import { createEscrowKeeper } from '../pipeline/rotation/escrow-keeper.ts';
import { openRotation } from '../pipeline/rotation/rotation.ts';
import { envelopeEpochs, type SiteSet } from '../place/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import type { Vault } from '../record/vault.ts';
import type { KeysPort } from '../serve/ports.ts';
import type { Closers } from './closers.ts';
import type { Config } from './config.ts';
import { createKeys } from './keys-view.ts';
import { startKeyUpkeep } from './start-key-upkeep.ts';

/** Epochs and escrow of the archive's keys, at work until it closes. Rejects with KEYS_DAMAGED. */
export async function openKeyUpkeep(
  config: Config,
  parts: {
    db: Db;
    clock: Clock;
    audit: Audit;
    keys: KeyStore;
    keyRoom: KeyRoom;
    vault: Vault;
    index: IndexEpochs;
    keyFolder: string;
    sites: SiteSet;
    keysOnDataHost: boolean;
    startedAt: Date;
    log: EventLog;
    closers: Closers;
  },
): Promise<KeysPort> {
  const { keyRoom, sites, keyFolder: folder, log, closers, ...deps } = parts;
  const envelopes = envelopeEpochs({ sites, keyRoom });
  const rotation = await openRotation({ ...deps, keyRoom, envelopes });
  const escrow = createEscrowKeeper({ ...deps, rotation, folder, sites, random });
  const ends = {
    ...deps,
    escrowSets: () => escrowSets(folder),
    setsToldBy: (moment: Date) => setsToldBy(deps.db, moment),
  };
  const upkeep = startKeyUpkeep(
    { rotation, escrow, settleEnds: () => settleEpochEnds(ends), sites: sites.all.length },
    config.rewrapPerSecond,
    log,
  );
  closers.add(() => upkeep.stop());
  return createKeys({ ...ends, sites, rotation, escrow, wake: upkeep.wake });
}
