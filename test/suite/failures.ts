import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Where npm test reads what failed: a line each, its place and the first line of why. */
export const FAILURES_FILE = 'VOXKEEP_TEST_FAILURES';

interface Failed {
  message: string;
}

/**
 * What failed is said again at the very end, where it is found even if only the end was kept.
 * Vitest's report in JSON leaves out errors that belong to no test, which fail a run as well.
 */
export default class Failures implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Failed[]): void {
    const file = process.env[FAILURES_FILE];
    if (file === undefined) return;
    const lines = [
      ...modules.flatMap((module) => [
        ...module.errors().map((error) => lineOf(module.relativeModuleId, error)),
        ...[...module.children.allSuites()].flatMap((suite) =>
          suite
            .errors()
            .map((error) => lineOf(`${module.relativeModuleId} > ${suite.fullName}`, error)),
        ),
        ...[...module.children.allTests('failed')].flatMap((test) =>
          (test.result().errors ?? []).map((error) =>
            lineOf(`${module.relativeModuleId} > ${test.fullName}`, error),
          ),
        ),
      ]),
      ...unhandled.map((error) => lineOf('outside of any test', error)),
    ];
    writeFileSync(file, JSON.stringify(lines));
  }
}

function lineOf(place: string, { message }: Failed): string {
  return `${place}: ${message.split('\n', 1)[0] ?? ''}`;
}
