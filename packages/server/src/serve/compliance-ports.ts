import type {
  AskedWaitsView,
  AuditFindingsPage,
  AuditFindingsQuery,
  AuditFindingView,
  AuditRunDetail,
  AuditsView,
  AuditTrend,
  ClosureIn,
  ClosureView,
  DisposalItemsQuery,
  DisposalItemsView,
  DisposalRunView,
  DisposalView,
  DueView,
  HoldIn,
  HoldNotice,
  HoldPlaced,
  HoldRecords,
  HoldRecordsQuery,
  HoldsQuery,
  HoldsView,
  HoldView,
  OriginalView,
  RecordHolds,
  RecordRetention,
  RegisterEntryIn,
  RegisterEntryView,
  RetentionAnchor,
  RetentionApplied,
  RetentionApplyIn,
  RetentionPreview,
  RetentionRulesText,
  RetentionRulesView,
  SubjectExtendIn,
  SubjectRecord,
  SubjectRequestDetail,
  SubjectRequestIn,
  SubjectRequestsQuery,
  SubjectRequestsView,
  SubjectRequestView,
} from '@voxkeep/contract';
import type { Viewer } from '../access/index.ts';
import type { Actor } from '../core/audit.ts';
import type { Assertion } from '../record/assertion.ts';
import type { Manifest } from '../record/manifest.ts';
import type { Transcript } from '../record/transcript.ts';
import type { OpenObject } from '../record/vault.ts';

/** What is due, and the runs by which it goes; codes are those of the retire room. */
export interface DisposalsPort {
  due(): Promise<DueView>;
  /** Without `recordIds` all that is due. */
  propose(
    officer: DisposalOfficer,
    recordIds: readonly string[] | undefined,
    requestId: string,
  ): Promise<DisposalRunView>;
  runs(
    officer: DisposalOfficer,
    wanted: { state?: string | undefined; before?: string | undefined; limit: number },
  ): Promise<DisposalRunView[]>;
  run(officer: DisposalOfficer, id: string): Promise<DisposalRunView>;
  items(id: string, query: DisposalItemsQuery): Promise<DisposalItemsView>;
  /** What approvers sign. Rejects with DISPOSAL_RUN_UNKNOWN, DISPOSAL_RUN_STATE. */
  statement(id: string): Promise<string>;
  approve(
    officer: DisposalOfficer,
    signed: { id: string; assertion: Assertion },
    requestId: string,
  ): Promise<void>;
  reject(
    officer: DisposalOfficer,
    rejected: { id: string; reason: string },
    requestId: string,
  ): Promise<void>;
  steer(
    officer: DisposalOfficer,
    steered: { id: string; to: 'pause' | 'resume' | 'stop' },
    requestId: string,
  ): Promise<void>;
  disposal(recordId: string): Promise<DisposalView>;
  /** Rejects with RECORD_NOT_DISPOSED; LEDGER_UNAVAILABLE, retry later. */
  certificate(recordId: string, asking: Asking): Promise<Certificate>;
  /** The same on paper, for people. */
  certificatePdf(recordId: string, asking: Asking): Promise<Buffer>;
  /** Of at most 1,000 records, from behind `after`. Rejects with DISPOSAL_RUN_UNKNOWN as well. */
  runCertificate(id: string, after: string | undefined, asking: Asking): Promise<Certificate>;
}
type Asking = { actor: Actor; requestId: string };
/** A document as it leaves, and where a run's next one begins. */
type Certificate = { text: string; records: number; next?: string };
/** Whoever proposes or decides. */
type DisposalOfficer = Pick<Viewer, 'actorId' | 'role' | 'personRef'>;

/** Who does something, by which request. */
interface By {
  actor: Actor;
  requestId: string;
}

/** Compliance audits and the registers that they look at. */
export interface AuditsPort {
  view(): Promise<AuditsView>;
  /** Rejects with AUDIT_RUNNING. */
  begin(actor: Actor, requestId: string): Promise<AuditRunDetail>;
  /** Rejects with AUDIT_UNKNOWN, as the next two do. */
  show(id: string): Promise<AuditRunDetail>;
  findings(id: string, query: AuditFindingsQuery): Promise<AuditFindingsPage>;
  /** The archived report, JSON. Rejects with AUDIT_NOT_ENDED, REPORT_MISSING. */
  report(id: string): Promise<Buffer>;
  /** The same, printed. Rejects likewise. */
  pdf(id: string, language: 'zh-CN' | 'en'): Promise<Buffer>;
  trend(months: number): Promise<AuditTrend>;
  /** Rejects with FINDING_UNKNOWN, FINDING_NOT_OPEN. */
  accept(
    id: string,
    acceptance: By & { person: string; reason: string },
  ): Promise<AuditFindingView>;
  /** Rejects with FINDING_UNKNOWN, FINDING_NOT_OPEN, FINDING_NOT_RETESTED. */
  retest(id: string, by: By): Promise<AuditFindingView>;
  registers(): Promise<RegisterEntryView[]>;
  /** Rejects with REGISTER_INVALID. */
  addEntry(entry: RegisterEntryIn, by: By): Promise<RegisterEntryView>;
  /** Rejects with REGISTER_UNKNOWN. */
  endEntry(id: string, by: By): Promise<RegisterEntryView>;
}

/** Who changes something: an account, the person behind it, and the request. */
interface Officer {
  actor: Actor;
  person: string;
  requestId: string;
}

/** Matters that freeze records, as officers, auditors and custodians see them. */
export interface HoldsPort {
  /**
   * Rejects with SEARCH_QUERY_INVALID, SEARCH_TEXT_TOO_SHORT, HOLD_CUSTODIAN_UNKNOWN naming the field, and
   * with HOLD_BUSY.
   */
  place(asked: HoldIn, officer: Officer): Promise<HoldPlaced>;
  list(query: HoldsQuery): Promise<HoldsView>;
  /** Rejects with HOLD_UNKNOWN, as all of one hold do. */
  view(id: string): Promise<HoldView>;
  records(id: string, query: HoldRecordsQuery): Promise<HoldRecords>;
  /** Rejects with HOLD_RELEASED. */
  add(id: string, recordIds: readonly string[], officer: Officer): Promise<HoldPlaced>;
  /** One record goes out of it. Rejects with HOLD_RELEASED, HOLD_SAME_PERSON, RECORD_NOT_HELD. */
  drop(
    one: { holdId: string; recordId: string; reason: string },
    officer: Officer,
  ): Promise<HoldView>;
  /** By another person than who placed it. Rejects with HOLD_RELEASED, HOLD_SAME_PERSON. */
  release(id: string, reason: string, officer: Officer): Promise<HoldView>;
  /** For its custodians; to anybody else there is no such hold. */
  notice(id: string, actorId: string): Promise<HoldNotice>;
  acknowledge(id: string, by: { actor: Actor; requestId: string }): Promise<HoldNotice>;
  /** The living holds that keep a record. Rejects with RECORD_UNKNOWN. */
  ofRecord(recordId: string): Promise<RecordHolds>;
}

/** Sensitive originals, as officers, auditors and approvers see them; none of their bytes. */
export interface OriginalsPort {
  /** `person` is whoever looks. Rejects with RECORD_UNKNOWN. */
  view(recordId: string, person: string | undefined): Promise<OriginalView>;
  asked(person: string | undefined): Promise<AskedWaitsView>;
  /** Rejects with RECORD_UNKNOWN, ORIGINAL_NOT_WAITING, ORIGINAL_DAY_INVALID, ORIGINAL_WAIT_ASKED. */
  ask(
    asked: { recordId: string; until: string; reason: string },
    officer: Officer,
  ): Promise<OriginalView>;
  /**
   * Rejects with ORIGINAL_WAIT_UNKNOWN, ORIGINAL_WAIT_DECIDED, ORIGINAL_NOT_WAITING, OWN_REQUEST, SAME_PERSON and
   * ALREADY_DECIDED.
   */
  decide(
    decision: { id: string; decision: 'approved' | 'rejected'; reason?: string },
    officer: Officer,
  ): Promise<OriginalView>;
}

/** Until when records are kept, and the rules that say so, as officers see and change them. */
export interface RetentionPort {
  view(): Promise<RetentionRulesView>;
  /** Rejects with RETENTION_RULES_UNKNOWN. */
  text(number: number): Promise<RetentionRulesText>;
  /** What other rules would change. Rejects with RETENTION_PROFILES_INVALID, RETENTION_WALKING. */
  preview(rules: string): Promise<RetentionPreview>;
  /**
   * Rejects with RETENTION_PROFILES_INVALID, RETENTION_WALKING, RETENTION_UNCHANGED, RETENTION_STALE,
   * RETENTION_SHORTENS.
   */
  apply(asked: RetentionApplyIn & By & { person: string }): Promise<RetentionApplied>;
  /** Rejects with RECORD_UNKNOWN. */
  explain(recordId: string): Promise<RecordRetention>;
  /** A day that periods count from. Rejects with RECORD_UNKNOWN, RECORD_DISPOSED. */
  tell(recordId: string, told: By & { anchor: RetentionAnchor; day: string }): Promise<void>;
}

/** Closed accounts, whose records are restricted. */
export interface ClosuresPort {
  /** Told again the same, nothing is created. Rejects with CLOSURE_CONFLICT, CLOSURE_DAY_INVALID. */
  tell(told: ClosureIn, actor: Actor, requestId: string): Promise<{ created: boolean }>;
  /** Rejects with CLOSURE_UNKNOWN. */
  one(reference: string): Promise<ClosureView>;
  /** The newest first, at most one more than the limit. */
  list(query: { before?: string | undefined; limit: number }): Promise<ClosureView[]>;
}

/** Somebody of compliance, whichever account is used. */
export interface SubjectOfficer {
  actor: Actor;
  person: string;
}

/** A person's copy: which calls, and by what they were found. */
export interface SubjectCopy {
  recordIds: readonly string[];
  withMedia: boolean;
  phone?: string | undefined;
  account?: string | undefined;
}

/** What goes into it of one record, redacted. */
export interface CopiedRecord {
  manifest: Manifest;
  transcript: Transcript;
  media?: OpenObject;
}

/** What persons ask for. All but `enter` and `list` reject with SUBJECT_REQUEST_UNKNOWN. */
export interface SubjectsPort {
  /** Rejects with SUBJECT_DAY_INVALID, SUBJECT_VALUE_UNKNOWN, SUBJECT_RECORD_OTHER. */
  enter(wanted: SubjectRequestIn, officer: SubjectOfficer, requestId: string): Promise<string>;
  list(query: SubjectRequestsQuery, officer: SubjectOfficer): Promise<SubjectRequestsView>;
  one(id: string, officer: SubjectOfficer): Promise<SubjectRequestView>;
  /** With what lies sealed; the look stands in the ledger. */
  open(id: string, officer: SubjectOfficer, requestId: string): Promise<SubjectRequestDetail>;
  /** At most one more than the limit. */
  records(
    id: string,
    page: { after?: string | undefined; limit: number },
    officer: SubjectOfficer,
  ): Promise<SubjectRecord[]>;
  /** Rejects with SUBJECT_REQUEST_STATE, SUBJECT_SECOND_PERSON, SUBJECT_COPY_EMPTY, SUBJECT_COPY_TOO_LARGE. */
  grant(id: string, officer: SubjectOfficer, requestId: string): Promise<void>;
  /** These reject with SUBJECT_REQUEST_STATE, `extend` with SUBJECT_EXTENDED_ALREADY too. */
  refuse(id: string, reason: string, officer: SubjectOfficer, requestId: string): Promise<void>;
  withdraw(id: string, reason: string, officer: SubjectOfficer, requestId: string): Promise<void>;
  extend(
    id: string,
    wanted: SubjectExtendIn,
    officer: SubjectOfficer,
    requestId: string,
  ): Promise<void>;
  beginCopy(id: string, officer: SubjectOfficer, requestId: string): Promise<SubjectCopy>;
  endCopy(id: string, officer: SubjectOfficer, requestId: string): Promise<void>;
  /** Rejects with RECORD_UNKNOWN for a record that is gone. */
  material(recordId: string, withMedia: boolean): Promise<CopiedRecord>;
}
