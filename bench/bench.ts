// npm run bench [-- archive|search|playback] [--rows N]: measures this machine. It is what it is:
// compare runs on one machine only.
import { parseArgs } from 'node:util';
import { measureArchiving } from './measure/archive-rate.ts';
import { fillCatalog } from './measure/fill-catalog.ts';
import { measurePlayback } from './measure/playback-latency.ts';
import { measureSearch } from './measure/search-latency.ts';
import { printTable } from './measure/table.ts';
import { TestArchive } from './prove/test-archive.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '100000' },
    calls: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '100' },
  },
});
const wants = (topic: string) => positionals.length === 0 || positionals.includes(topic);
const archive = new TestArchive();
try {
  await archive.start();
  if (wants('archive')) await measureArchiving(archive, Number(values.calls));
  if (wants('playback')) await measurePlayback(archive, Number(values.rounds) * 3);
  if (wants('search')) {
    const { rows, indexMs, sealMs } = await fillCatalog(archive, Number(values.rows));
    printTable(
      'generated calls, by the statements that index real ones',
      ['rows', 'catalog rows/s', 'record keys/s (envelope durable at hq)'],
      [[rows, rows / (indexMs / 1000), rows / (sealMs / 1000)]],
    );
    await measureSearch(archive, Number(values.rounds));
  }
} finally {
  await archive.stop();
  archive.remove();
}
