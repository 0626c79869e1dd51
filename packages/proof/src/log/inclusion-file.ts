import { openCheckpoint } from './checkpoint.ts';
import { LogError } from './log-error.ts';
import { HASH_BYTES, hashLeaf } from './tree-hash.ts';
import { verifyInclusion } from './verify-proof.ts';

const HEAD = 'c2sp.org/tlog-proof@v1';
/** More than any tree needs. */
const MOST_HASHES = 63;

/** What a proof file says; nothing in it is verified yet. */
export interface InclusionFile {
  index: number;
  /** The logged bytes, carried as the file's extra data. */
  entry: Buffer;
  hashes: Buffer[];
  /** The checkpoint, a signed note. */
  checkpoint: string;
}

/** One file that proves an entry without its log (C2SP tlog-proof): `NAME.tlog-proof`. */
export function encodeInclusionFile(proof: InclusionFile): string {
  const lines = [
    HEAD,
    `extra ${proof.entry.toString('base64')}`,
    `index ${proof.index}`,
    ...proof.hashes.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${proof.checkpoint}`;
}

/** Throws LOG_PROOF_BAD for what is no proof file that carries its entry. */
export function parseInclusionFile(text: string): InclusionFile {
  const gap = text.indexOf('\n\n');
  const [head, extra = '', index = '', ...hashes] = text.slice(0, Math.max(0, gap)).split('\n');
  if (head !== HEAD) throw bad(`does not begin with ${HEAD}`);
  if (!extra.startsWith('extra ')) throw bad('does not carry its entry as extra data');
  if (!/^index (0|[1-9][0-9]{0,15})$/.test(index)) throw bad('has no index');
  if (hashes.length > MOST_HASHES) throw bad(`has more than ${MOST_HASHES} hashes`);
  const path = hashes.map((hash) => strictBase64(hash));
  if (path.some((hash) => hash.length !== HASH_BYTES)) throw bad('has a hash of another length');
  return {
    index: Number(index.slice(6)),
    entry: strictBase64(extra.slice(6)),
    hashes: path,
    checkpoint: text.slice(gap + 2),
  };
}

/**
 * The entry of a proof file, once the log's signature and the audit path hold. Throws LOG_PROOF_BAD,
 * LOG_RANGE_BAD, and what openCheckpoint throws.
 */
export function openInclusionFile(text: string, vkey: string): InclusionFile & { size: number } {
  const file = parseInclusionFile(text);
  const { size, root } = openCheckpoint(file.checkpoint, vkey);
  const { index, hashes: proof, entry } = file;
  verifyInclusion({ index, size, leafHash: hashLeaf(entry), proof, root });
  return { ...file, size };
}

function strictBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw bad('has a line that is not base64');
  return bytes;
}

function bad(what: string): LogError {
  return new LogError('LOG_PROOF_BAD', `the proof file ${what}`);
}
