import { readFile, writeFile } from 'node:fs/promises';
import type { LedgerProofView } from '@voxkeep/contract';
import {
  buildInclusionProof,
  decodeBundle,
  encodeInclusionFile,
  entriesPath,
  nodesOfTiles,
  openCheckpoint,
  openCosignature,
  openInclusionFile,
  readEither,
  TILE_WIDTH,
  tilePath,
  tileWidth,
  witnessName,
} from '@voxkeep/proof';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type LogSource, unproven } from './log-source.ts';

/**
 * The proof file of an entry in the newest checkpoint of a site. It is verified before it is given.
 * Rejects with LOG_…, CHECKPOINT_MISSING, ENTRY_UNKNOWN.
 */
export async function proveFromSite(source: LogSource, index: number): Promise<string> {
  const { files, vkey } = source;
  try {
    const note = await files('checkpoint');
    if (note === undefined) {
      throw new CommandError('CHECKPOINT_MISSING', 'there is no checkpoint', EXIT.unproven);
    }
    const checkpoint = Buffer.from(note).toString('utf8');
    const { size } = openCheckpoint(checkpoint, vkey);
    if (index >= size) {
      const message = `there are ${size} entries, the last one is ${size - 1}`;
      throw new CommandError('ENTRY_UNKNOWN', message, EXIT.notFound);
    }
    const nodes = nodesOfTiles((level, at) =>
      readEither(files, (width) => tilePath(level, at, width), tileWidth(level, at, size)),
    );
    const hashes = await buildInclusionProof(index, size, nodes);
    const bundle = Math.floor(index / TILE_WIDTH);
    const width = tileWidth(0, bundle, size);
    const bytes = await readEither(files, (wide) => entriesPath(bundle, wide), width);
    const entry = decodeBundle(bytes, width)[index % TILE_WIDTH] ?? Buffer.alloc(0);
    const file = encodeInclusionFile({ index, entry, hashes, checkpoint });
    openInclusionFile(file, vkey);
    return file;
  } catch (error) {
    throw unproven(error, `entry ${index}`);
  }
}

/** The same by the archive; verified too where the key is known. */
export async function proveFromArchive(
  connection: Connection,
  index: number,
  vkey: string | undefined,
): Promise<string> {
  const { file } = await connection.json<LedgerProofView>('GET', `/ledger/entries/${index}/proof`);
  try {
    if (vkey !== undefined) openInclusionFile(file, vkey);
    return file;
  } catch (error) {
    throw unproven(error, `entry ${index}`);
  }
}

/** Writes a proof file that is not there yet. Rejects with FILE_EXISTS, FILE_UNWRITABLE. */
export async function writeProof(path: string, file: string): Promise<void> {
  try {
    await writeFile(path, file, { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const code = exists ? 'FILE_EXISTS' : 'FILE_UNWRITABLE';
    throw new CommandError(code, `cannot write ${path}`, EXIT.usage);
  }
}

export interface ProvenEntry {
  index: number;
  size: number;
  entry: unknown;
  cosigned: { name: string; at: string }[];
}

/**
 * What a proof file proves, offline. Rejects with LOG_… when it does not hold, QUORUM_MISSING when
 * fewer than `quorum` of the witnesses countersigned its checkpoint, FILE_UNREADABLE.
 */
export async function verifyProofFile(
  path: string,
  keys: { vkey: string; witnesses: string[]; quorum: number },
): Promise<ProvenEntry> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError('FILE_UNREADABLE', `cannot read ${path}`, EXIT.usage);
  });
  try {
    const { index, size, entry, checkpoint } = openInclusionFile(text, keys.vkey);
    const cosigned = keys.witnesses.flatMap((vkey) => {
      const found = openCosignature(checkpoint, vkey);
      return found === undefined ? [] : [{ name: witnessName(vkey), at: found.at.toISOString() }];
    });
    if (cosigned.length < keys.quorum) {
      const message = `${cosigned.length} of ${keys.quorum} witnesses countersigned`;
      throw new CommandError('QUORUM_MISSING', `${path}: ${message}`, EXIT.unproven);
    }
    return { index, size, entry: JSON.parse(entry.toString('utf8')), cosigned };
  } catch (error) {
    throw unproven(error, path);
  }
}
