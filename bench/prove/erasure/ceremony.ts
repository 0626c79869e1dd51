import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveClock } from '../access/clock.ts';
import { runVoxkeep } from '../recovery/rebuild.ts';
import type { TestArchive } from '../test-archive.ts';

const SHARES = 5;

/** Shares of one set, each on a medium of its own. */
export interface Shares {
  setId: string;
  files: string[];
}

/** Programs on the archive's host, by the archive's clock. */
export class Ceremonies {
  readonly #archive: TestArchive;
  readonly #env: Record<string, string>;
  #made = 0;

  constructor(archive: TestArchive, clock: ArchiveClock) {
    this.#archive = archive;
    this.#env = { ...clock.env, NODE_OPTIONS: clock.nodeArgs.join(' ') };
  }

  /** New shares, all of them shown once. */
  async share(): Promise<Shares> {
    this.#made += 1;
    const places = Array.from({ length: SHARES }, (_, at) =>
      join(this.#archive.folder, `officers-${this.#made}`, String(at + 1)),
    );
    for (const place of places) mkdirSync(place, { recursive: true });
    const out = places.flatMap((place) => ['--out', place]);
    await this.#run(['keys', 'escrow', '--threshold', '3', '--shares', String(SHARES), ...out]);
    const files = places.map((place) => join(place, readdirSync(place)[0] ?? ''));
    for (const file of files) await this.#run(['keys', 'confirm', file]);
    const [, setId = ''] = /voxkeep-share-([0-9A-Z]{16})-1\.txt$/.exec(files[0] ?? '') ?? [];
    return { setId, files };
  }

  /** A key folder out of all shares and a bundle; false where they do not open it. */
  async restore({ files }: Shares, bundle: string, to: string): Promise<boolean> {
    const shares = files.flatMap((file) => ['--shares', file]);
    const args = ['keys', 'restore', ...shares, '--bundle', bundle, '--to', to];
    const { code } = await runVoxkeep(args, this.#env);
    return code === 0;
  }

  async #run(args: string[]): Promise<void> {
    const { data, keys } = this.#archive;
    const own = ['--data', data, '--keys', keys];
    const { code, err } = await runVoxkeep([...args, ...own], this.#env);
    if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${code}: ${err}`);
  }
}
