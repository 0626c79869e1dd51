import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantsView } from '@voxkeep/contract';
import type { TestArchive } from '../test-archive.ts';
import type { Client } from './client.ts';

/** The clock of an archive that was started with `nodeArgs` and `env` of this. */
export class ArchiveClock {
  readonly nodeArgs = ['--import', join(import.meta.dirname, 'shift-clock.ts')];
  readonly env: Record<string, string>;
  readonly #file: string;
  #aheadMs: number;

  /** Goes by the real time at first, or as far ahead of it. */
  constructor(archive: TestArchive, aheadMs = 0) {
    this.#aheadMs = aheadMs;
    this.#file = join(archive.folder, 'clock');
    this.env = { PROVE_CLOCK: this.#file };
    this.#write();
  }

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** Goes ahead; the archive follows within moments. */
  shift(byMs: number): void {
    this.#aheadMs += byMs;
    this.#write();
  }

  /** Resolves once the archive goes by it, as it tells this person, who may have to sign in again. */
  async goAhead(byMs: number, asked: Client, signIn: () => Promise<void>): Promise<void> {
    this.shift(byMs);
    for (let waited = 0; waited < 30_000; waited += 20) {
      const { body, status } = await asked.get('/access/grants');
      // The jump itself can be what ends an idle session.
      if (status === 401) await signIn();
      const { serverTime } = body as GrantsView;
      if (Math.abs(Date.parse(serverTime) - this.now().getTime()) < 2000) return;
      await new Promise((tick) => setTimeout(tick, 20));
    }
    throw new Error('the clock of the archive does not go ahead');
  }

  #write(): void {
    writeFileSync(`${this.#file}.new`, String(this.#aheadMs));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
