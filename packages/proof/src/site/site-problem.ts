/**
 * CHECKPOINT_MISSING, CHECKPOINT_BAD: there is none, or it is no checkpoint. ORIGIN_WRONG: it is of
 * another log. SIGNATURE_BAD: the log's key did not sign it. ROOT_WRONG: the files do not give the
 * signed root, and which of them is wrong cannot be told from here.
 * TILE_MISSING, TILE_WRONG: a hash tile is not there, or not that of the tree. BUNDLE_MISSING,
 * BUNDLE_BAD: an entry bundle is not there, or holds no such number of entries. ENTRY_CHANGED: an
 * entry is not the one that was logged. PARTIAL_MISSING, PARTIAL_WRONG: the same of the partial
 * tiles and bundles of earlier sizes.
 * ENTRY_INVALID: logged bytes are no entry, or one of another index. TIME_BACKWARDS: an entry is
 * older than the one before it. COSIGNATURE_BAD: a witness's line does not verify. QUORUM_MISSING:
 * too few witnesses countersigned. FORKED: another history than one that was signed or seen
 * elsewhere. BEHIND: somebody has seen more than there is here.
 * SUCCEEDED_BY: the log goes on under a later name, whose key was not given. SUCCESSION_BAD: an entry
 * that says which log this one goes on from is not so, or is missing. LOST: more was seen of an earlier
 * log than this one took over.
 */
export type SiteProblemKind =
  | 'CHECKPOINT_MISSING'
  | 'CHECKPOINT_BAD'
  | 'ORIGIN_WRONG'
  | 'SIGNATURE_BAD'
  | 'ROOT_WRONG'
  | 'TILE_MISSING'
  | 'TILE_WRONG'
  | 'BUNDLE_MISSING'
  | 'BUNDLE_BAD'
  | 'ENTRY_CHANGED'
  | 'PARTIAL_MISSING'
  | 'PARTIAL_WRONG'
  | 'ENTRY_INVALID'
  | 'TIME_BACKWARDS'
  | 'COSIGNATURE_BAD'
  | 'QUORUM_MISSING'
  | 'FORKED'
  | 'BEHIND'
  | 'SUCCEEDED_BY'
  | 'SUCCESSION_BAD'
  | 'LOST';

/**
 * What is no fault of the log by itself. SIGNATURE_UNKNOWN: a line of a key that was not given.
 * FILE_UNKNOWN: a file that is no part of a log. BEYOND_CHECKPOINT: tiles of a larger tree than the
 * checkpoint's, as an archive leaves them for the moment between the two, and a checkpoint that was
 * put back for ever. UNWITNESSED: a checkpoint without any cosignature asked for. SUCCEEDED: an earlier log
 * had lost entries, and this one goes on from what was left. LEFT_OVER: a partial file of what it had lost.
 */
export type SiteNoticeKind =
  | 'SIGNATURE_UNKNOWN'
  | 'FILE_UNKNOWN'
  | 'BEYOND_CHECKPOINT'
  | 'SUCCEEDED'
  | 'LEFT_OVER';

/** Something that was found, and where. */
export interface Finding<Kind> {
  kind: Kind;
  /** Path below the site's ledger folder. */
  file: string;
  /** Index of the (first) entry that it is about, where that is known. */
  entry?: number;
  message: string;
}
export type SiteProblem = Finding<SiteProblemKind>;
export type SiteNotice = Finding<SiteNoticeKind>;

/** Collects what is found; one site's verification writes to one of these. */
export class Findings {
  readonly problems: SiteProblem[] = [];
  readonly notices: SiteNotice[] = [];

  problem(kind: SiteProblemKind, file: string, message: string, entry?: number): void {
    this.problems.push({ kind, file, message, ...(entry === undefined ? {} : { entry }) });
  }

  notice(kind: SiteNoticeKind, file: string, message: string, entry?: number): void {
    this.notices.push({ kind, file, message, ...(entry === undefined ? {} : { entry }) });
  }
}
