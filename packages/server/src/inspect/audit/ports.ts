import type { AuditCheckId, AuditSeverity, AuditSubjectKind, KeysView } from '@voxkeep/contract';
import type { Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import type { Notices } from '../../core/notices.ts';
import type { PlainFacts } from '../../core/plain-facts.ts';
import type { Random } from '../../core/random.ts';
import type { Assertion } from '../../record/assertion.ts';
import type { Manifest } from '../../record/manifest.ts';
import type { Transcript } from '../../record/transcript.ts';
import type { Vault } from '../../record/vault.ts';
import type { FindingType, Pool, Tier } from '../../record/vocabulary.ts';

/**
 * AUDIT_RUNNING: one goes on. AUDIT_UNKNOWN, FINDING_UNKNOWN: there is none of that id.
 * FINDING_NOT_OPEN: it was fixed or accepted already. FINDING_NOT_RETESTED: the check could not run.
 * AUDIT_NOT_ENDED: there is no report yet. REPORT_MISSING: no site that answers has it. AUDIT_PRECONDITION: what a check looks at is not there.
 * AUDIT_TIMED_OUT: a check took too long. AUDIT_GAVE_UP: the archive was ended in the midst of it again and again. REGISTER_INVALID, REGISTER_UNKNOWN: of entries.
 */
export type AuditErrorCode =
  | 'AUDIT_RUNNING'
  | 'AUDIT_UNKNOWN'
  | 'AUDIT_NOT_ENDED'
  | 'AUDIT_PRECONDITION'
  | 'REPORT_MISSING'
  | 'AUDIT_TIMED_OUT'
  | 'AUDIT_GAVE_UP'
  | 'FINDING_UNKNOWN'
  | 'FINDING_NOT_OPEN'
  | 'FINDING_NOT_RETESTED'
  | 'REGISTER_INVALID'
  | 'REGISTER_UNKNOWN';

/** A site as checks read it; nothing is written. Codes are the place room's. */
export interface AuditSite {
  readonly name: string;
  list(area: Pool | 'ledger' | 'journal', prefix?: string): AsyncIterable<SiteFile>;
  get(area: Pool | 'ledger' | 'journal', key: string): AsyncIterable<Uint8Array>;
  readRange(area: Pool, key: string, offset: number, length: number): Promise<Buffer>;
  stat(area: Pool, key: string): Promise<{ sizeBytes: number } | undefined>;
}
interface SiteFile {
  key: string;
  sizeBytes: number;
}

/** Where bytes of the archive lie, and whether whoever takes the disk away can read them. */
export interface DiskState {
  /** A site's name, `data` or `keys`. */
  place: string;
  encrypted: 'yes' | 'no' | 'unknown';
  /** How it was told: 'dm-crypt', 'sse', 'block-device', 'overlay' … */
  how: string;
}

/** What became of the keys' folder. */
export interface KeyPlace {
  /** Within the data folder or a site, or the other way round. */
  inside: boolean;
  /** Places ('data', or a site's name) on the same device. */
  sharesDeviceWith: string[];
  /** Names in it that others may read or change. */
  readable: string[];
}

/** The retention that rules give a call. Days are 'YYYY-MM-DD' in the archive's zone. */
export interface TermFacts {
  tier: Tier;
  industry?: string | undefined;
  businessType?: string | undefined;
  startedAt: Date;
  /** Days that the archive was told of, by what they are. */
  anchors: Readonly<Record<string, string>>;
}
export interface Term {
  keepUntil: string;
  atMost?: string | undefined;
  openEnded: boolean;
  rule: string;
}
export interface RetentionRules {
  /** By the rules that were in force at that moment. */
  termOf(facts: TermFacts, at: Date): Promise<Term>;
  /** When each rule in force has to be looked at again; absent where nobody said. */
  reviews(at: Date): Promise<{ rule: string; reviewBy: string | undefined }[]>;
}

/** An account whose row this archive wrote. */
export interface AuditAccount {
  id: string;
  role: string;
  createdAt: Date;
  lockedAt: Date | undefined;
  person: string | undefined;
}

/** Signatures, judged where keys are kept. */
export interface AuditWarrants {
  signerOf(
    canonical: string,
    assertion: Assertion,
  ): Promise<{ account: string; person: string; approver: boolean }>;
  unreviewed(): Promise<readonly string[]>;
  inForce(now: Date): Promise<readonly { canonical: string; since: Date; until: Date }[]>;
}

/** Everything that checks look at. */
export interface AuditSources {
  db: Db;
  clock: Clock;
  timeZone: string;
  archiveId: string;
  sites: readonly AuditSite[];
  vault: Pick<Vault, 'open' | 'verify'>;
  /** Where the bytes of an object, and its envelope, lie in a pool. */
  keysOf(objectId: string): { object: string; envelope: string };
  envelopeBytes: number;
  /** Hex SHA-256 of the sealed manifest that the ledger names last for a record. */
  loggedManifest(recordId: string): Promise<string | undefined>;
  /** Where copies are wanted now; `coldSite` may lack what gave way there. */
  wanted(): { copies: { pool: Pool; site: string; mayWait: boolean }[]; coldSite?: string };
  retention: RetentionRules;
  /** Living holds whose search catches the record, too. */
  isHeld(recordId: string): Promise<boolean>;
  /** Until when a sensitive record's original is needed; undefined for a record that is not sensitive. */
  originalNeeded(recordId: string): Promise<Date | undefined>;
  /** What the current recognisers still find. */
  residue(transcript: Transcript, manifest: Manifest): { type: FindingType; turn: number }[];
  accounts(): Promise<AuditAccount[]>;
  /** Ids of rows that this archive did not write, or of versions that do not count. */
  forgedRows(table: 'staff' | 'api_key' | 'staff_session'): Promise<string[]>;
  /** Which roles there are, and which may see a restricted record by grant or mandate. */
  roles: readonly string[];
  warrants: AuditWarrants;
  keys: {
    epochs(): Promise<{ pool: Pool; epoch: string }[]>;
    currentEpoch(pool: Pool): string;
    view(): Promise<Pick<KeysView, 'due'>>;
    place(): Promise<KeyPlace>;
  };
  log(): { origin: string; verifierKey: string };
  witnesses(): { vkeys: string[]; quorum: number; witnessedAt: Date | undefined };
  disks(): Promise<DiskState[]>;
  limits: AuditLimits;
}

/** How much is too much. Days. */
export interface AuditLimits {
  /** Records of which everything is read. */
  sample: number;
  verifiedDays: number;
  overdueDays: number;
  pendingDays: number;
  quarantineDays: number;
  unusedDays: number;
  drillDays: number;
  reviewDays: number;
  witnessHours: number;
  snapshotHours: number;
  checkMinutes: number;
}

/** What one run hands to each of its checks. */
export interface AuditContext extends AuditSources {
  asOf: Date;
  /** 'YYYY-MM-DD' of it in the archive's zone. */
  today: string;
  seed: string;
  signal: AbortSignal;
  /** At a re-test: the record that it is about; samples are that one alone. */
  only?: RecordId;
}

/** One thing that is wrong. */
export interface Found<Code extends string = string> {
  code: Code;
  subject: { kind: AuditSubjectKind; id: string };
  site?: string;
  detail?: PlainFacts;
}

/** What a check gives back: how many things it looked at, and what is wrong with which. */
export interface Judged<Code extends string = string> {
  looked: number;
  findings: Found<Code>[];
}

/** A text in both languages of the house. */
export interface Words {
  zh: string;
  en: string;
}

export interface Check<Code extends string = string> {
  title: Words;
  /** How it is tried again whether a finding still stands. */
  retest: Words;
  codes: Readonly<Record<Code, { severity: AuditSeverity; wrong: Words; fix: Words }>>;
  /** Rejects when it cannot tell: then it did not run, and the audit fails. */
  run(context: AuditContext): Promise<Judged<Code>>;
}

export type Checks = Readonly<Record<AuditCheckId, Check>>;

/** Where the sealed report goes; the place and the journal room's seal stand behind it. */
export interface ReportStore {
  /** Durable at every site that answers; resolves to its key and the hex SHA-256 of the sealed bytes. */
  put(runId: string, plain: Buffer): Promise<{ key: string; sha256: string; sites: string[] }>;
  /** From the first site whose bytes have that digest. Rejects with OBJECT_MISSING. */
  get(key: string, sha256: string): Promise<Buffer>;
}

/** Has a run worked at, in the caller's transaction. */
export interface AuditQueue {
  work(tx: Tx, runId: string): Promise<void>;
}

export interface AuditDeps {
  sources: AuditSources;
  checks: Checks;
  db: Db;
  clock: Clock;
  random: Random;
  audit: Audit;
  notices: Notices;
  queue: AuditQueue;
  reports: ReportStore;
  /** Free texts, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer; open(id: string, sealed: Buffer): Buffer };
  commitmentKey: Buffer;
}
