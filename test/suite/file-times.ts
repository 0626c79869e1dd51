import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Where npm test reads how long each file took: seconds by path, set-up and imports included. */
export const TIMES_FILE = 'VOXKEEP_TEST_TIMES';

/** Vitest's report in JSON leaves out what a file does before its first test, which is an archive's start. */
export default class FileTimes implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env[TIMES_FILE];
    if (file === undefined) return;
    const times = modules.map((module) => {
      const { collectDuration, duration } = module.diagnostic();
      return [module.relativeModuleId, (collectDuration + duration) / 1000] as const;
    });
    writeFileSync(file, JSON.stringify(Object.fromEntries(times)));
  }
}
