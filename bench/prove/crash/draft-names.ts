import type { FileCall } from './trace.ts';

const NAME = /^(.*\/)(\d+)-(\d+)$/;
const FOLDERS = 6;

/**
 * The names that drafts will have, learnt from those that they had: `<process>-<counter>`. strace picks
 * calls on files by whole paths only; a `write` to any other descriptor is not to be hit.
 */
export class DraftNames {
  readonly #series = new Map<string, { folders: string[]; counter: number }>();
  #pid = 0;

  learn(calls: readonly FileCall[], pid: number): void {
    if (pid !== this.#pid) {
      for (const one of this.#series.values()) one.counter = 0;
      this.#pid = pid;
    }
    for (const { name, paths, writes } of calls) {
      const [, folder = '', process = '', counter = ''] = NAME.exec(paths[0] ?? '') ?? [];
      if (name !== 'openat' || !writes || Number(process) !== pid) continue;
      // The ledger of a site counts for itself; the pools count together.
      const [key = ''] = /\/sites\/[a-z]+\/(?:ledger)?/.exec(folder) ?? [];
      const series = this.#series.get(key) ?? { folders: [], counter: 0 };
      series.counter = Math.max(series.counter, Number(counter));
      series.folders = [folder, ...series.folders.filter((one) => one !== folder)];
      series.folders = series.folders.slice(0, FOLDERS);
      this.#series.set(key, series);
    }
  }

  /** The next `count` of each series, in each folder. */
  ahead(count: number, pid: number): string[] {
    this.learn([], pid);
    const numbers = Array.from({ length: count }, (_, at) => at + 1);
    return [...this.#series.values()].flatMap(({ folders, counter }) =>
      folders.flatMap((folder) => numbers.map((n) => `${folder}${pid}-${counter + n}`)),
    );
  }
}
