import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sampleCalls, uploadOf } from '../prove/calls.ts';
import type { TestArchive } from '../prove/test-archive.ts';
import { printTable } from './table.ts';

const CLOCK_TICKS = 100;

/** From POST to `archived`, telephone calls with a supplied transcript, several senders at once. */
export async function measureArchiving(archive: TestArchive, count: number): Promise<void> {
  const templates = sampleCalls().filter((call) => call.mediaType === 'audio/wav');
  const calls = Array.from({ length: count }, (_, at) => {
    const call = templates[at % templates.length];
    if (call === undefined) throw new Error('no samples');
    return { ...call, metadata: { ...call.metadata, sourceCallId: `bench-${at}` } };
  });
  const bytes = calls.reduce((sum, call) => sum + call.media.length, 0);
  const seconds = bytes / 16_000;
  const before = diskBytes(archive);
  const cpuBefore = cpuSeconds();
  const started = performance.now();
  const ids: string[] = [];
  const queue = [...calls];
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let call = queue.pop(); call !== undefined; call = queue.pop()) {
        const { body, contentType } = uploadOf(call);
        const headers = { 'content-type': contentType };
        const answer = await archive.ask('service', 'POST', '/records', body, headers);
        if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${answer.body}`);
        ids.push(JSON.parse(answer.body.toString()).id);
      }
    }),
  );
  const postedMs = performance.now() - started;
  await untilArchived(archive, ids.length);
  const wallS = (performance.now() - started) / 1000;
  const cpu = cpuSeconds() - cpuBefore;
  printTable(
    'archiving: POST to archived, 8 kHz stereo calls with a supplied transcript, 6 senders',
    ['calls', 'posted/s', 'calls/s', 'MB/s', '× real time', 'CPU s/call (all processes)'],
    [
      [
        count,
        count / (postedMs / 1000),
        count / wallS,
        bytes / 1e6 / wallS,
        seconds / wallS,
        cpu / count,
      ],
    ],
  );
  await new Promise((done) => setTimeout(done, 3000));
  const kept = diskBytes(archive) - before;
  printTable(
    'bytes on disk at the sites, copies and envelopes included, over the media as sent',
    ['sent MB', 'kept MB', 'ratio'],
    [[bytes / 1e6, kept / 1e6, kept / bytes]],
  );
}

async function untilArchived(archive: TestArchive, count: number): Promise<void> {
  const goal = (await archived(archive)) + 0;
  for (let waited = 0; waited < 600_000; waited += 100) {
    const jobs = await states(archive);
    const open = jobs.filter(({ state }) => !['archived', 'quarantined'].includes(state));
    if (open.reduce((sum, one) => sum + one.count, 0) === 0) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${count} calls were sent, ${goal} are archived`);
}

async function states(archive: TestArchive): Promise<{ state: string; count: number }[]> {
  return (
    await archive.json<{ counts: { state: string; count: number }[] }>('operator', '/jobs?limit=1')
  ).counts;
}

const archived = async (archive: TestArchive) =>
  (await states(archive)).find((one) => one.state === 'archived')?.count ?? 0;

function diskBytes(archive: TestArchive): number {
  return readdirSync(join(archive.data, 'sites'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/ledger'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Busy time of the whole machine: server, database and this sender. */
function cpuSeconds(): number {
  const [, user = 0, nice = 0, system = 0] =
    readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).map(Number) ?? [];
  return (user + nice + system) / CLOCK_TICKS;
}
