import { type Checkpoint, openCheckpoint } from '../log/checkpoint.ts';
import { LogError } from '../log/log-error.ts';
import { splitNote } from '../log/signed-note.ts';
import { HASH_BYTES } from '../log/tree-hash.ts';
import { verifyConsistency } from '../log/verify-proof.ts';

/** The tree of a log that a witness countersigned last. */
export interface SeenTree {
  size: number;
  root: Uint8Array;
}

/** What a witness may know of a log. */
export interface KnownLog {
  vkey: string;
  /** Undefined before the first cosignature. */
  seen: SeenTree | undefined;
}

/**
 * What to answer to `add-checkpoint`. `countersign` is the checkpoint that may be countersigned once
 * it is remembered; `evidence` one that the log signed and that contradicts what was seen.
 */
export type Verdict =
  | { status: 200; countersign: Checkpoint; note: string; text: string }
  | { status: 400 | 403 | 404; reason: string }
  | { status: 422; reason: string; evidence: string }
  | { status: 409; seenSize: number; reason: string; evidence?: string };

/** More lines than any consistency proof has (C2SP tlog-witness). */
const MOST_HASHES = 63;

/**
 * Judges the body of an `add-checkpoint` request (C2SP tlog-witness). `logOf` tells what is known of
 * a log, by its origin. Never throws.
 */
export function judgeAddCheckpoint(
  body: string,
  logOf: (origin: string) => KnownLog | undefined,
): Verdict {
  const request = parse(body);
  if (request === undefined) return { status: 400, reason: 'this is no add-checkpoint request' };
  const { oldSize, proof, note } = request;
  let checkpoint: Checkpoint;
  let text: string;
  try {
    text = splitNote(note).text;
    const known = logOf(text.slice(0, text.indexOf('\n')));
    if (known === undefined) return { status: 404, reason: 'the log is not known here' };
    checkpoint = openCheckpoint(note, known.vkey);
    return judge(checkpoint, oldSize, proof, known.seen, { note, text });
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const signature = error.code === 'LOG_SIGNATURE_BAD' || error.code === 'LOG_KEY_BAD';
    return { status: signature ? 403 : 400, reason: error.message };
  }
}

function judge(
  checkpoint: Checkpoint,
  oldSize: number,
  proof: Buffer[],
  seen: SeenTree | undefined,
  { note, text }: { note: string; text: string },
): Verdict {
  const { size, root } = checkpoint;
  const seenSize = seen?.size ?? 0;
  if (oldSize > size) return { status: 400, reason: 'the old size is beyond the checkpoint' };
  if (oldSize !== seenSize) return { status: 409, seenSize, reason: 'another size was seen last' };
  if (seen !== undefined && size === seenSize && Buffer.compare(root, seen.root) !== 0) {
    return { status: 409, seenSize, reason: 'another tree of this size was seen', evidence: note };
  }
  try {
    if (oldSize === 0 && proof.length > 0) throw new LogError('LOG_PROOF_BAD', 'is too long');
    if (seen !== undefined && seenSize > 0) {
      const trees = { fromSize: seenSize, fromRoot: seen.root, toSize: size, toRoot: root };
      verifyConsistency({ ...trees, proof });
    }
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const reason = 'the tree is not proven to continue the one that was seen';
    return { status: 422, reason, evidence: note };
  }
  return { status: 200, countersign: checkpoint, note, text };
}

function parse(body: string): { oldSize: number; proof: Buffer[]; note: string } | undefined {
  const gap = body.indexOf('\n\n');
  const [old = '', ...lines] = body.slice(0, Math.max(0, gap)).split('\n');
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(old) ?? [];
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  const strict = proof.every(
    (hash, at) => hash.length === HASH_BYTES && hash.toString('base64') === lines[at],
  );
  if (size === undefined || !Number.isSafeInteger(Number(size))) return undefined;
  if (!strict || proof.length > MOST_HASHES) return undefined;
  return { oldSize: Number(size), proof, note: body.slice(gap + 2) };
}
