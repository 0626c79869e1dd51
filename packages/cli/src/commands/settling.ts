import type { RecordStatus } from '@voxkeep/contract';
import { CommandError } from '../exit-codes.ts';
import type { IngestLine, Sender } from './ingest.ts';
import { type FilesMark, removeFiles } from './remove-files.ts';

const ENDS = ['archived', 'quarantined', 'restricted', 'disposed'];
const AFTER_LIMIT_MS = 5000;

/** Follows calls that were sent to their end, and unlinks the files of those that are archived. */
export class Settling {
  readonly #connection: Sender;
  readonly #remove: boolean;
  readonly #open = new Map<IngestLine, FilesMark>();

  constructor(connection: Sender, options: { remove: boolean }) {
    this.#connection = connection;
    this.#remove = options.remove;
  }

  get left(): number {
    return this.#open.size;
  }

  add(line: IngestLine, marks: FilesMark): void {
    if (line.id !== undefined) this.#open.set(line, marks);
  }

  /** Asks about the `most` calls that wait the longest. */
  async ask(most: number): Promise<void> {
    for (const [line, marks] of [...this.#open].slice(0, most)) {
      if (!ENDS.includes(line.state ?? '') || line.state === 'quarantined') await this.#look(line);
      if (!ENDS.includes(line.state ?? '')) continue;
      this.#open.delete(line);
      if (!this.#remove) continue;
      const safe = line.state === 'archived' && line.sameDetails !== false;
      line.removed = safe && (await removeFiles(marks)) === 'removed';
    }
  }

  async #look(line: IngestLine): Promise<void> {
    const path = `/records/${line.id}/status`;
    const { state, reasonCode, reason } = await patiently(() =>
      this.#connection.json<RecordStatus>('GET', path),
    );
    line.state = state;
    if (reasonCode !== undefined) line.error = reasonCode;
    if (reason !== undefined) line.message = reason;
  }
}

/** Asked too often, it asks again later: the calls are in, nothing is lost by waiting. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'RATE_LIMITED') throw error;
      await new Promise((done) => setTimeout(done, AFTER_LIMIT_MS));
    }
  }
}
