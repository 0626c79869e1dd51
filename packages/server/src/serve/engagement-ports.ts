import type {
  EngagementIn,
  EngagementsView,
  EngagementView,
  EvidenceAnswerIn,
  EvidenceIn,
  EvidencesView,
  EvidenceView,
  ExternalFindingAnswerIn,
  ExternalFindingCloseIn,
  ExternalFindingIn,
  ExternalFindingsView,
  ExternalFindingView,
  SampleIn,
  SamplesView,
  SampleView,
} from '@voxkeep/contract';
import type { TimeBox } from '../access/index.ts';
import type { Actor } from '../core/audit.ts';
import type { Db } from '../core/database.ts';

/** Whoever does something: an account, the person behind it, and the request. */
export interface EngagementParty {
  actor: Actor;
  person: string;
  requestId: string;
  /** Of an outside auditor: the only engagement there is for them. */
  engagementId?: string | undefined;
}
/** Whoever looks; an account may name no person. */
export type EngagementOnlooker = Omit<EngagementParty, 'person'> & { person?: string | undefined };

/**
 * Engagements of outside auditors. All of one engagement reject with ENGAGEMENT_UNKNOWN; what only its auditors do with
 * ENGAGEMENT_OTHER for others, and with ENGAGEMENT_STATE when it is not in force; codes are the inspect room's.
 */
export interface EngagementsPort {
  list(viewer: EngagementOnlooker): Promise<EngagementsView>;
  /** Rejects with ENGAGEMENT_DAYS_INVALID. */
  open(wanted: EngagementIn, party: EngagementParty): Promise<EngagementView>;
  show(id: string, viewer: EngagementOnlooker): Promise<EngagementView>;
  /** Rejects with ENGAGEMENT_STATE, ENGAGEMENT_SECOND_PERSON, ENGAGEMENT_TEXT_OTHER. */
  confirm(id: string, commitment: string, party: EngagementParty): Promise<EngagementView>;
  /** Its accounts open nothing any more. Rejects with ENGAGEMENT_STATE. */
  close(id: string, reason: string, party: EngagementParty): Promise<EngagementView>;
  /** From when to when an account of it opens anything, for the transaction that makes one. */
  timeBox(db: Db, id: string): Promise<TimeBox>;
  samples: SamplesPort;
  evidence: EvidencePort;
  findings: ExternalFindingsPort;
}

interface OneSample {
  engagementId: string;
  sampleId: string;
}

/** Samples; all of one reject with SAMPLE_UNKNOWN. */
export interface SamplesPort {
  list(engagementId: string, viewer: EngagementOnlooker): Promise<SamplesView>;
  /** Rejects with ENGAGEMENT_SCOPE, SAMPLE_WAITS, SAMPLE_POPULATION_EMPTY, SAMPLE_POPULATION_LARGE. */
  ask(engagementId: string, wanted: SampleIn, party: EngagementParty): Promise<SampleView>;
  show(one: OneSample, viewer: EngagementOnlooker): Promise<SampleView>;
  /** Rejects with SAMPLE_STATE, SAMPLE_NONCE_WRONG. */
  draw(one: OneSample, nonce: string, party: EngagementParty): Promise<SampleView>;
  /** Rejects with SAMPLE_STATE. */
  giveUp(one: OneSample, party: EngagementParty): Promise<SampleView>;
  /** Ids one a line. */
  population(one: OneSample, viewer: EngagementOnlooker): Promise<AsyncIterable<string>>;
  /** The document as it leaves. Rejects with SAMPLE_STATE; LEDGER_UNAVAILABLE, retry later. */
  prove(one: OneSample, viewer: EngagementOnlooker): Promise<string>;
}

interface OneQuestion {
  engagementId: string;
  evidenceId: string;
}

/** Questions for evidence; all of one reject with EVIDENCE_UNKNOWN, and changes with EVIDENCE_STATE. */
export interface EvidencePort {
  list(engagementId: string, viewer: EngagementOnlooker): Promise<EvidencesView>;
  /** Rejects with ENGAGEMENT_DAYS_INVALID, EVIDENCE_REFERENCE_UNKNOWN. */
  ask(engagementId: string, wanted: EvidenceIn, party: EngagementParty): Promise<EvidenceView>;
  /** Rejects with EVIDENCE_REFERENCE_UNKNOWN. */
  answer(one: OneQuestion, given: EvidenceAnswerIn, party: EngagementParty): Promise<EvidenceView>;
  withdraw(one: OneQuestion, party: EngagementParty): Promise<EvidenceView>;
}

interface OneFinding {
  engagementId: string;
  findingId: string;
}

/** Auditors' findings; all of one reject with FINDING_UNKNOWN, FINDING_STATE. */
export interface ExternalFindingsPort {
  list(engagementId: string, viewer: EngagementOnlooker): Promise<ExternalFindingsView>;
  /** Rejects with ENGAGEMENT_SCOPE, EVIDENCE_REFERENCE_UNKNOWN. */
  write(
    engagementId: string,
    written: ExternalFindingIn,
    party: EngagementParty,
  ): Promise<ExternalFindingView>;
  /** Rejects with ENGAGEMENT_DAYS_INVALID. */
  answer(
    one: OneFinding,
    given: ExternalFindingAnswerIn,
    party: EngagementParty,
  ): Promise<ExternalFindingView>;
  /** By its auditors, or once it is over by another officer than who answered. Rejects with ENGAGEMENT_SECOND_PERSON. */
  close(
    one: OneFinding,
    closing: ExternalFindingCloseIn,
    party: EngagementParty,
  ): Promise<ExternalFindingView>;
}
