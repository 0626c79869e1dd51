import { pruneJournal } from './prune-journal.ts';
import { type SnapshotWriter, writeSnapshot } from './write-snapshot.ts';

const LOOK_EVERY_MS = 60_000;
/** The process that writes the journal has it within moments. */
const LEADS_SOON_MS = 500;

/**
 * A snapshot when the newest whole one of this timeline is older than `everyHours`, or there is none, or
 * something of the journal was found to be lost at every site since; what it makes needless goes. Resolves, stopped, when the one under way has been broken off.
 */
export function startSnapshots(
  options: SnapshotWriter & {
    everyHours: number;
    keep: number;
    /** Whether this process writes the journal; only that one makes snapshots. */
    leads(): boolean;
    onError(error: unknown): void;
  },
): { stop(): Promise<void> } {
  const { db, clock, stores } = options;
  const stopping = new AbortController();
  let wake: (() => void) | undefined;
  const write = async () => {
    await writeSnapshot(options, stopping.signal);
    await pruneJournal(db, stores, options.keep);
  };
  async function due(): Promise<boolean> {
    const state = await db.selectFrom('journal_state').select('timeline').executeTakeFirstOrThrow();
    const last = await db
      .selectFrom('journal_snapshot')
      .select('started_at')
      .where('ended_at', 'is not', null)
      .where('timeline', '=', state.timeline)
      .orderBy('id', 'desc')
      .executeTakeFirst();
    if (last === undefined) return true;
    // What no site has whole is in the next snapshot; after that nobody needs it.
    const lost = await db
      .selectFrom('journal_fault')
      .select('key')
      .where('last_error', 'is not', null)
      .where('found_at', '>', last.started_at)
      .executeTakeFirst();
    if (lost !== undefined) return true;
    return clock.now().getTime() - last.started_at.getTime() >= options.everyHours * 3_600_000;
  }
  const work = (async () => {
    while (!stopping.signal.aborted) {
      try {
        if (options.leads() && (await due())) await write();
      } catch (error) {
        if (!stopping.signal.aborted) options.onError(error);
      }
      if (stopping.signal.aborted) break;
      await new Promise<void>((done) => {
        wake = done;
        setTimeout(done, options.leads() ? LOOK_EVERY_MS : LEADS_SOON_MS).unref();
      });
    }
  })();
  return {
    async stop() {
      stopping.abort();
      wake?.();
      await work;
    },
  };
}
