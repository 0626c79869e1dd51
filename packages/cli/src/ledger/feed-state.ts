import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from '../durable-file.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const FeedState = z.strictObject({
  format: z.literal('voxkeep/feed/v1'),
  origin: z.string(),
  /** Index of the entry that comes next. */
  next: z.int().min(0),
  /** Root of the tree of the entries before it, hex. */
  root: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FeedState = z.infer<typeof FeedState>;

/** Undefined while there is no such file. Rejects with STATE_INVALID. */
export async function readFeedState(file: string): Promise<FeedState | undefined> {
  if (!existsSync(file)) return undefined;
  try {
    return FeedState.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    const message = `${file} is not the state of a feed`;
    throw new CommandError('STATE_INVALID', message, EXIT.usage);
  }
}

/** Durable before it resolves. */
export async function writeFeedState(file: string, state: FeedState): Promise<void> {
  await writeDurably(file, `${JSON.stringify(state)}\n`);
}
