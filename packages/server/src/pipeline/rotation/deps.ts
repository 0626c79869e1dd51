import type { Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { IndexEpochs } from '../../index/index.ts';
import type { KeyRoom, KeyStore } from '../../keys/index.ts';
import type { EnvelopeEpochs } from '../../place/index.ts';
import type { Vault } from '../../record/vault.ts';

export interface RotationDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  keys: KeyStore;
  keyRoom: Pick<KeyRoom, 'dropAll'>;
  envelopes: EnvelopeEpochs;
  /** What the blind indexes are made of anew. */
  vault: Pick<Vault, 'open'>;
  index: IndexEpochs;
  /** Since when this process works: what an earlier one had under way is over. */
  startedAt: Date;
}
