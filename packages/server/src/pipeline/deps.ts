import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db, Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { IndexKeyring } from '../index/index.ts';
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
  /** Whether a legal hold keeps the record; asked while the record's row is locked. */
  isHeld(tx: Tx, recordId: RecordId): Promise<boolean>;
  /** Holds whose search finds the record as it is indexed now keep it from the commit on. */
  catchHolds(tx: Tx, recordId: RecordId): Promise<void>;
  /** When each of these records was last seen or heard by anybody; those that never were are absent. */
  lastUses(recordIds: readonly RecordId[]): Promise<ReadonlyMap<string, Date>>;
  /** Restricts a call that arrives after its account was closed or an erasure was granted. */
  restrictLate(
    tx: Tx,
    call: {
      recordId: RecordId;
      startedAt: Date;
      phone?: string | undefined;
      account?: string | undefined;
    },
  ): Promise<void>;
  queue: JobQueue;
  /** Hex SHA-256 of the sealed manifest that the ledger names last for a record. */
  loggedManifest(recordId: RecordId): Promise<string | undefined>;
  /** Until when a record has to be kept by the rules in force, before anybody told a day of it. */
  retentionFor(record: {
    tier: Tier;
    classification: Classification;
    startedAt: Date;
  }): Promise<RetentionFacts>;
  /** Gives a record, whose row the transaction has locked, its term by its tier and classification now. */
  giveTerm(tx: Tx, recordId: RecordId): Promise<{ keepUntil: string; before?: string } | undefined>;
  /** Whether the ledger tells of acts on the record that this catalog did not write. */
  ledgerKnowsMore(recordId: RecordId): Promise<boolean>;
  indexKeys: IndexKeyring;
  timeZone: string;
  /** Until when a sensitive original is still needed; undefined when it may go. Asked as `mayEvict` is. */
  originalWaitsUntil(tx: Tx, recordId: RecordId): Promise<Date | undefined>;
  /** Whose case a core record is at first. */
  crisisTeam: string;
}
