import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Whatever takes most of a minute or more, the longest first: an archive of its own, a browser, a Ceph. If one
 * of them began last, the other core would idle until it is over; the size of a file, by which vitest goes on
 * a machine that has not run it yet, tells nothing of that.
 */
export const LONG_FILES: readonly string[] = [
  'test/e2e/pages.e2e.test.ts',
  'test/e2e/pace.e2e.test.ts',
  'test/e2e/archive.e2e.test.ts',
  'packages/server/src/platform/objects/ceph-site.test.ts',
  'test/e2e/s3-sites.e2e.test.ts',
  'test/start/start.e2e.test.ts',
  'packages/server/src/ledger/succession.pg.test.ts',
];

/** Long files first, then in vitest's own order: by the times of the last run, or by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files), ({ moduleId }) => moduleId);
  }
}

/** The long ones at the front; what is none of them stays in its order. */
export function longestFirst<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const rank = (file: T) => {
    const at = LONG_FILES.findIndex((long) => pathOf(file).endsWith(`/${long}`));
    return at === -1 ? LONG_FILES.length : at;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
