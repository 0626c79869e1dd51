import type {
  DrillIn,
  DrillsView,
  DropView,
  IntakeReceipt,
  JobsView,
  KeysView,
  PlacementPlan,
  PlacementView,
  ScrubKind,
  SiteFaults,
  SiteHistory,
  SitesView,
  SystemStatus,
  Vocabulary,
} from '@voxkeep/contract';
import type { RawBuilder } from 'kysely';
import type { Admission, IdentityProvider } from '../access/identity/index.ts';
import type { SessionDeps } from '../access/index.ts';
import type { PasskeyDeps } from '../access/passkeys/index.ts';
import type { RequestDeps } from '../access/requests/index.ts';
import type { Actor, Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import type { Notices } from '../core/notices.ts';
import type { Warrants } from '../keys/index.ts';
import type { LedgerHealth } from '../ledger/index.ts';
import type { CallMetadata } from '../record/metadata.ts';
import type { Transcript } from '../record/transcript.ts';
import type { OpenObject, Vault } from '../record/vault.ts';
import type { Tier } from '../record/vocabulary.ts';
import type {
  AuditsPort,
  ClosuresPort,
  DisposalsPort,
  HoldsPort,
  OriginalsPort,
  RetentionPort,
  SubjectsPort,
} from './compliance-ports.ts';
import type { EngagementsPort } from './engagement-ports.ts';
import type { FieldOpener, IndexKeyring, OwnRows } from './search/index.ts';

export type * from './compliance-ports.ts';
export type * from './engagement-ports.ts';

/** An upload while its parts arrive; the intake room implements it. */
export interface Upload {
  media(source: AsyncIterable<Uint8Array>, mediaType: string): Promise<void>;
  transcript(source: AsyncIterable<Uint8Array>): Promise<void>;
  screenshot(source: AsyncIterable<Uint8Array>, mediaType: string): Promise<void>;
  commit(metadata: CallMetadata, actor: Actor, requestId: string): Promise<IntakeReceipt>;
  abandon(): Promise<void>;
}

export interface IntakePort {
  open(): Upload;
  parseMetadata(text: string): CallMetadata;
  parseVcon(body: AsyncIterable<Uint8Array>): Promise<{
    metadata: CallMetadata;
    media: { bytes: Uint8Array; mediaType: string };
    transcript?: Uint8Array;
  }>;
}

export interface OperationsPort {
  jobs(query: { state?: string; before?: string; limit: number }): Promise<JobsView>;
  resume(recordId: RecordId, actor: Actor, requestId: string): Promise<string>;
  drop(): Promise<DropView>;
  status(): Promise<SystemStatus>;
  /** Values to filter by; agents and teams of the calls (`call c`) that fulfil `found` only. */
  vocabulary(found: RawBuilder<boolean>): Promise<Vocabulary>;
  /** Undefined when everything that a request needs answers; else what does not. */
  notReady(): Promise<string | undefined>;
}

/** The sites as operators see them. */
export interface SitesPort {
  view(): Promise<SitesView>;
  /** What a site was like. Rejects with SITE_UNKNOWN. */
  history(name: string, time: { from: Date; to: Date }): Promise<SiteHistory>;
  /** Its copies that could not be mended. Rejects with SITE_UNKNOWN. */
  faults(name: string): Promise<SiteFaults>;
  /** Begins a walk over the copies of a site. Rejects with SITE_UNKNOWN, SCRUB_RUNNING. */
  scrub(name: string, kind: ScrubKind, actor: Actor, requestId: string): Promise<SitesView>;
}

/** Of a site's newest drill, and of the last one that ended well. */
export interface LatestDrill {
  site: string;
  rtoWholeS?: number;
  rpoS?: number;
  lastGoodAt?: Date;
}

/** Rehearsed recoveries, as operators see and begin them. */
export interface DrillsPort {
  view(): Promise<DrillsView>;
  /** Rejects with SITE_UNKNOWN, DRILL_RUNNING. */
  begin(wanted: DrillIn, actor: Actor, requestId: string): Promise<DrillsView>;
  /** Of each site that has been drilled. */
  latest(): Promise<LatestDrill[]>;
}

/** Where copies are wanted, as operators see and change it. */
export interface PlacementPort {
  view(): Promise<PlacementView>;
  /** Of the file as it is now. Rejects with PLACEMENT_INVALID. */
  plan(): Promise<PlacementPlan>;
  /** Rejects with PLACEMENT_INVALID, PLACEMENT_CHANGED when the file is not what was planned. */
  apply(digest: string, actor: Actor, requestId: string): Promise<PlacementView>;
}

/** Keys as operators see them; nothing here is a secret. */
export interface KeysPort {
  view(): Promise<KeysView>;
  /**
   * Content: begins an epoch and brings living envelopes into it; rejects with ROTATION_RUNNING.
   * Quarantine, whose epochs are days: destroys the days that no living object needs, now.
   */
  rotate(pool: 'content' | 'quarantine', actor: Actor, requestId: string): Promise<KeysView>;
  /**
   * Destroys the content epochs before the current one. Rejects with ROTATION_NOTHING,
   * ROTATION_RUNNING, ROTATION_TOO_SOON, SITE_UNREACHABLE.
   */
  finish(actor: Actor, requestId: string): Promise<KeysView>;
  /** Notes, on that person's word, that a share of an earlier set is destroyed. Rejects with SHARE_UNKNOWN. */
  attest(
    share: { setId: string; share: number },
    actor: Actor,
    requestId: string,
  ): Promise<KeysView>;
}

/** The ledger as its doors show it. */
export interface LedgerPort {
  /** The name that is in force, and the key that verifies what is signed under it. */
  log(): { origin: string; verifierKey: string };
  health(): LedgerHealth;
}

/** What people change of a record; the pipeline does it. */
export interface ChangePort {
  /**
   * To a stricter tier at once, to a less strict one when a second person asks for the same. Rejects
   * with RECORD_NOT_READY, TIER_UNCHANGED.
   */
  reclassify(
    recordId: RecordId,
    change: {
      tier: Tier;
      actor: Actor;
      person: string;
      commitment: string;
      requestId: string;
    },
  ): Promise<'done' | 'awaits-second-person'>;
}

export interface ServeDeps {
  changes: ChangePort;
  closures: ClosuresPort;
  subjects: SubjectsPort;
  signIn: SessionDeps;
  /** Who else may prove people; empty where none is configured. */
  providers: readonly { provider: IdentityProvider; admission: Admission }[];
  /** `https://host:port` as browsers see it. */
  publicOrigin: string;
  db: Db;
  clock: Clock;
  audit: Audit;
  notices: Notices;
  /** Whether notices leave by mail. */
  mailsNotices: boolean;
  /** Nothing leaves but to somebody with a pass. */
  vault: Pick<Vault, 'openFor'>;
  warrants: Warrants;
  /** What access requests and passkeys take beside the above. */
  approvals: Pick<RequestDeps, 'archiveId' | 'texts' | 'random'> &
    Pick<PasskeyDeps, 'relyingParty'>;
  timeZone: string;
  archiveName: string;
  intake: IntakePort;
  /** Opens what lies sealed in catalog rows, each under its record's own key. */
  openFields: FieldOpener;
  indexKeys: IndexKeyring;
  commitmentKey: Buffer;
  /** Signs the tickets of streams. */
  ticketKey: Buffer;
  ownRows: OwnRows;
  /** H.264 of a stored H.265 picture while it plays. */
  h264(source: OpenObject, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** A transcript as WebVTT. */
  renderVtt(transcript: Transcript): string;
  operations: OperationsPort;
  sites: SitesPort;
  disposals: DisposalsPort;
  drills: DrillsPort;
  audits: AuditsPort;
  engagements: EngagementsPort;
  placement: PlacementPort;
  holds: HoldsPort;
  originals: OriginalsPort;
  retention: RetentionPort;
  keys: KeysPort;
  ledger: LedgerPort;
}
