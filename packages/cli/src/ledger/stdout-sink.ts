import { once } from 'node:events';
import type { Sink } from './syslog.ts';

/** Lines on standard output, at the pace of whoever reads them. */
export function stdoutSink(): Sink {
  return {
    async write(line) {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    },
    close: async () => undefined,
  };
}
