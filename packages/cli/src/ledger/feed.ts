import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Checkpoint,
  decodeBundle,
  entriesPath,
  GrowingTree,
  hashLeaf,
  isEarlierName,
  LogError,
  openCheckpoint,
  readEither,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@voxkeep/proof';
import { CommandError, EXIT } from '../exit-codes.ts';
import { cefLine } from './cef.ts';
import { type FeedState, readFeedState, writeFeedState } from './feed-state.ts';
import { type LogSource, unproven } from './log-source.ts';
import { parseEntry } from './search.ts';
import type { Sink } from './syslog.ts';

export interface FeedOptions {
  format: 'jsonl' | 'cef';
  /** First entry, where the state does not say. */
  from: number;
  /** Waits for more when all is given out. */
  follow: boolean;
  pollMs: number;
  /** Keeps the place across runs. */
  stateFile: string | undefined;
  signal: AbortSignal;
}

/**
 * Gives out entries in their order, each once proven to be in the log that the state continues; the
 * place is kept after each bundle, so that an interrupted feed gives some entries twice and leaves
 * none out. Resolves to how many it gave. Rejects with LOG_…, STATE_INVALID, and what the sink
 * rejects with.
 */
export async function feedLog(
  source: LogSource,
  sink: Sink,
  options: FeedOptions,
): Promise<{ count: number; next: number }> {
  const { files, vkey } = source;
  const state = options.stateFile && (await readFeedState(options.stateFile));
  let next = state ? state.next : options.from;
  let tree: GrowingTree | undefined;
  let count = 0;
  try {
    for (;;) {
      const note = await files('checkpoint');
      if (note === undefined) throw new LogError('LOG_CHECKPOINT_BAD', 'there is no checkpoint');
      const checkpoint = openCheckpoint(note, vkey);
      if (state && !goesOn(state.origin, checkpoint.origin)) {
        throw new CommandError('STATE_INVALID', `the state is of ${state.origin}`, EXIT.usage);
      }
      if (checkpoint.size < next && (state || count > 0)) {
        const message = `the log has ${checkpoint.size} entries, ${next} were given out`;
        throw new LogError('LOG_FORKED', message);
      }
      if (checkpoint.size > next) {
        tree ??= await treeUpTo(source, next, checkpoint.size, state || undefined);
        await proveMore(source, tree.copy(), checkpoint);
        count += await giveOut(source, sink, tree, checkpoint, options);
        next = checkpoint.size;
      }
      if (!options.follow || options.signal.aborted) return { count, next };
      await sleep(options.pollMs, undefined, { signal: options.signal }).catch(() => undefined);
      if (options.signal.aborted) return { count, next };
    }
  } catch (error) {
    throw unproven(error, 'the log');
  }
}

/** What a feed has given out of a log, its successor begins with, or the tree is another one. */
const goesOn = (before: string, now: string) => before === now || isEarlierName(before, now);

/**
 * The tree of the entries that were given out already, from the tiles of the tree that is shown now;
 * it has to be the one of the state.
 */
async function treeUpTo(
  { files }: LogSource,
  size: number,
  shownSize: number,
  state: FeedState | undefined,
): Promise<GrowingTree> {
  const tree = await GrowingTree.resume(size, (level, index) =>
    readEither(files, (width) => tilePath(level, index, width), tileWidth(level, index, shownSize)),
  );
  if (state === undefined || tree.root().toString('hex') === state.root) return tree;
  throw new LogError('LOG_FORKED', `the first ${size} entries are others than those given out`);
}

/** Reads what is new once, so that nothing is given out that the checkpoint does not sign. */
async function proveMore(
  source: LogSource,
  tree: GrowingTree,
  checkpoint: Checkpoint,
): Promise<void> {
  while (tree.size < checkpoint.size) {
    tree.append((await readMore(source, tree.size, checkpoint.size)).map(hashLeaf));
  }
  if (tree.root().equals(checkpoint.root)) return;
  throw new LogError('LOG_TILE_BAD', `the entries do not give the root of ${checkpoint.size}`);
}

async function giveOut(
  source: LogSource,
  sink: Sink,
  tree: GrowingTree,
  { size, origin, root }: Checkpoint,
  { format, stateFile, signal }: FeedOptions,
): Promise<number> {
  let count = 0;
  while (tree.size < size && !signal.aborted) {
    const first = tree.size;
    const entries = await readMore(source, first, size);
    tree.append(entries.map(hashLeaf));
    if (tree.size === size && !tree.root().equals(root)) {
      throw new LogError('LOG_TILE_BAD', 'a bundle was changed while it was read');
    }
    for (const [at, bytes] of entries.entries()) {
      const entry = parseEntry(first + at, bytes);
      const line = format === 'cef' ? cefLine(entry, origin) : bytes.toString('utf8');
      await sink.write(line, entry);
      count += 1;
    }
    if (stateFile === undefined) continue;
    const done = tree.root().toString('hex');
    const format1 = 'voxkeep/feed/v1' as const;
    await writeFeedState(stateFile, { format: format1, origin, next: tree.size, root: done });
  }
  return count;
}

/** Entries from index `first` to the end of its bundle, or of the tree. */
async function readMore({ files }: LogSource, first: number, size: number): Promise<Buffer[]> {
  const bundle = Math.floor(first / TILE_WIDTH);
  const width = tileWidth(0, bundle, size);
  const bytes = await readEither(files, (wide) => entriesPath(bundle, wide), width);
  return decodeBundle(bytes, width).slice(first % TILE_WIDTH);
}
