import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { IndexKeys } from '../index/index.ts';
import type { Classification, RetentionFacts } from '../record/facts.ts';
import type { Vault } from '../record/vault.ts';
import type { Tier } from '../record/vocabulary.ts';
import type { Classifier, FieldSealer, JobQueue, MediaWorkshop, PlacementPolicy } from './ports.ts';

export interface PipelineDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  vault: Vault;
  media: MediaWorkshop;
  classifier: Classifier;
  fields: FieldSealer;
  placement: PlacementPolicy;
  queue: JobQueue;
  /** Hex SHA-256 of the sealed manifest that the ledger names last for a record. */
  loggedManifest(recordId: RecordId): Promise<string | undefined>;
  retentionFor(record: {
    tier: Tier;
    classification: Classification;
    startedAt: Date;
  }): RetentionFacts;
  indexKeys: IndexKeys;
  timeZone: string;
  /** How long a sensitive original waits in quarantine. */
  sensitiveOriginalDays: number;
  /** Whose case a core record is at first. */
  crisisTeam: string;
}
