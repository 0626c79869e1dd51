import { logName } from '../log/checkpoint.ts';
import { isEarlierName } from '../log/log-name.ts';
import { authenticateTree } from './authenticate-tree.ts';
import { checkAgainst, checkEarlier, checkRoot, type Elsewhere } from './check-against.ts';
import { checkEntries } from './check-entries.ts';
import { checkPartials } from './check-partials.ts';
import { checkSuccessions } from './check-successions.ts';
import { openSiteNote, type SiteNote } from './open-site-note.ts';
import type { SiteFiles } from './site-files.ts';
import { Findings, type SiteNotice, type SiteProblem } from './site-problem.ts';
import { readStoredTree } from './stored-tree.ts';

export interface VerifySiteOptions {
  /** The log's verifier key, from elsewhere than the site. */
  vkey: string;
  /** Verifier keys of witnesses that are relied on. */
  witnesses?: readonly string[];
  /** How many of them have to have countersigned one checkpoint; default 0. */
  quorum?: number;
  against?: readonly Elsewhere[];
}

export interface SiteReport {
  /** Nothing contradicts what the keys vouch for. */
  ok: boolean;
  /** Entries of the site's checkpoint; undefined when it does not open. */
  size: number | undefined;
  rootHex: string | undefined;
  /** The largest tree that a quorum countersigned. */
  witnessedSize: number | undefined;
  cosigned: { file: string; name: string; at: Date }[];
  problems: SiteProblem[];
  notices: SiteNotice[];
}

/**
 * Verifies a site's ledger from its files and the given keys alone. Every file of the signed tree,
 * every entry and every partial tile of earlier sizes is read; each problem names its file, its kind
 * and, where it can be told, the entry. What earlier names of the log signed has to be its beginning.
 * Throws LOG_KEY_BAD for a key that is none.
 */
export async function verifySite(
  files: SiteFiles,
  options: VerifySiteOptions,
): Promise<SiteReport> {
  const found = new Findings();
  const keys = { vkey: options.vkey, witnesses: options.witnesses ?? [] };
  const paths = await files.list();
  const note = await openNoteAt(files, 'checkpoint', keys, found);
  const witnessed = await openNoteAt(files, 'witnessed', keys, found);
  if (note === undefined) return reportOf(found, undefined, [witnessed], options);
  const { origin, size, root } = note.checkpoint;
  if (origin !== logName(options.vkey)) {
    const what = `is of ${origin}, from which the log goes on: this site missed that`;
    found.problem('ORIGIN_WRONG', 'checkpoint', what);
  }
  const stored = await readStoredTree(files, size, found);
  const { tiles } = authenticateTree(stored, root, found);
  checkEntries(stored, found);
  const successions = await checkSuccessions(stored, tiles, origin, found);
  const own = { origin, size, tiles, files, paths, successions };
  const { bundles, leaves } = stored;
  const taken = successions.map((one) => one.size);
  await checkPartials(files, paths, { size, tiles, bundles, leaves, taken }, found);
  if (witnessed !== undefined) await checkWitnessed(witnessed, own, found);
  for (const elsewhere of options.against ?? []) await checkAgainst(elsewhere, own, keys, found);
  return reportOf(found, note, [note, witnessed], options);
}

async function openNoteAt(
  files: SiteFiles,
  file: 'checkpoint' | 'witnessed',
  keys: { vkey: string; witnesses: readonly string[] },
  found: Findings,
): Promise<SiteNote | undefined> {
  const bytes = await files.read(file);
  if (bytes !== undefined) return openSiteNote(file, bytes, keys, found);
  if (file === 'checkpoint') found.problem('CHECKPOINT_MISSING', file, 'there is no checkpoint');
  return undefined;
}

/** What a quorum countersigned is the beginning of what is here, or something was put back. */
async function checkWitnessed(
  witnessed: SiteNote,
  own: Parameters<typeof checkRoot>[1],
  found: Findings,
): Promise<void> {
  const { origin, size } = witnessed.checkpoint;
  if (isEarlierName(origin, own.origin)) {
    await checkEarlier(witnessed, own, undefined, found);
    return;
  }
  if (size <= own.size) return checkRoot(witnessed, own, undefined, found);
  const what = `covers ${own.size} entries, of which ${size} were countersigned`;
  found.problem('BEHIND', 'checkpoint', what, own.size);
}

function reportOf(
  found: Findings,
  note: SiteNote | undefined,
  notes: (SiteNote | undefined)[],
  { vkey, quorum = 0 }: VerifySiteOptions,
): SiteReport {
  const opened = notes.filter((one) => one !== undefined);
  // Who countersigned an earlier log has said nothing of what this one says beyond it.
  const own = opened.filter((one) => one.checkpoint.origin === logName(vkey));
  const enough = own.filter((one) => quorum > 0 && one.cosigned.length >= quorum);
  if (quorum > 0 && enough.length === 0) {
    const most = Math.max(0, ...own.map((one) => one.cosigned.length));
    found.problem('QUORUM_MISSING', 'checkpoint', `${most} of ${quorum} witnesses countersigned`);
  }
  return {
    ok: found.problems.length === 0,
    size: note?.checkpoint.size,
    rootHex: note?.checkpoint.root.toString('hex'),
    witnessedSize:
      enough.length === 0 ? undefined : Math.max(...enough.map((one) => one.checkpoint.size)),
    cosigned: opened.flatMap(({ file, cosigned }) => cosigned.map((one) => ({ file, ...one }))),
    problems: found.problems,
    notices: found.notices,
  };
}
