import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db, Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { IndexKeys } from '../index/index.ts';
import type { JournalWalk } from '../journal/index.ts';
import type { Strays } from '../place/index.ts';
import type { Classification, RetentionFacts } from '../record/facts.ts';
import type { Vault } from '../record/vault.ts';
import type { Tier } from '../record/vocabulary.ts';
import type { Classifier, FieldSealer, JobQueue, MediaWorkshop, Placement } from './ports.ts';

export interface PipelineDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  vault: Vault;
  media: MediaWorkshop;
  classifier: Classifier;
  fields: FieldSealer;
  placement: Placement;
  strays: Strays;
  /** The walk over what a site has of the journal; undefined when it was broken off. */
  scrubJournal(wanted: {
    site: string;
    kind: 'light' | 'deep';
    paced(bytes: number): Promise<void>;
    signal?: AbortSignal | undefined;
  }): Promise<JournalWalk | undefined>;
  /** Whether nothing forbids that one of the record's copies goes; asked while the record's row is locked. */
  mayEvict(tx: Tx, recordId: RecordId): Promise<boolean>;
  /** When each of these records was last seen or heard by anybody; those that never were are absent. */
  lastUses(recordIds: readonly RecordId[]): Promise<ReadonlyMap<string, Date>>;
  queue: JobQueue;
  /** Hex SHA-256 of the sealed manifest that the ledger names last for a record. */
  loggedManifest(recordId: RecordId): Promise<string | undefined>;
  retentionFor(record: {
    tier: Tier;
    classification: Classification;
    startedAt: Date;
  }): RetentionFacts;
  /** Whether the ledger tells of acts on the record that this catalog did not write. */
  ledgerKnowsMore(recordId: RecordId): Promise<boolean>;
  indexKeys: IndexKeys;
  timeZone: string;
  /** How long a sensitive original waits in quarantine. */
  sensitiveOriginalDays: number;
  /** Whose case a core record is at first. */
  crisisTeam: string;
}
