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
  const cpuBefore = cpuOf(archive);
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
  const cpu = cpuOf(archive);
  printTable(
    'archiving: POST to archived, 8 kHz stereo calls with a supplied transcript, 6 senders',
    ['calls', 'posted/s', 'calls/s', 'MB/s', '× real time', 'CPU ms/call', 'of these database'],
    [
      [
        count,
        count / (postedMs / 1000),
        count / wallS,
        bytes / 1e6 / wallS,
        seconds / wallS,
        (1000 * (cpu.server + cpu.database - cpuBefore.server - cpuBefore.database)) / count,
        (1000 * (cpu.database - cpuBefore.database)) / count,
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
    .filter((entry) => entry.isFile() && !/\/(ledger|\.drafts)/.test(entry.parentPath))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Processor time of the archive by part: its own process, its PostgreSQL, its ffmpeg children. */
function cpuOf(archive: TestArchive): { server: number; database: number } {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
        const own = ((user ?? 0) + (system ?? 0)) / CLOCK_TICKS;
        const gone = ((childUser ?? 0) + (childSystem ?? 0)) / CLOCK_TICKS;
        return [{ pid: Number(pid), parent: Number(fields[1]), name, own, gone }];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });
  const total = { server: 0, database: 0 };
  const family = new Set([archive.pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of processes) {
      if (!family.has(pid) && family.has(parent)) grown = Boolean(family.add(pid));
    }
  }
  for (const { pid, name, own, gone } of processes) {
    if (!family.has(pid)) continue;
    if (name.startsWith('postgres')) total.database += own + gone;
    else total.server += own + gone;
  }
  return total;
}
