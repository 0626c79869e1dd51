import { readFileSync } from 'node:fs';
import type { SearchResult, SystemStatus } from '@voxkeep/contract';
import { sampleCalls, sharedCalls, type TrueCall } from './calls.ts';
import { canariesOf, findCanaries } from './canaries.ts';
import { deliverByDrop, deliverByPost } from './deliver.ts';
import { judgeCall } from './judge-call.ts';
import { judgeLedger } from './judge-ledger.ts';
import { judgeDamage, judgeObjects, untilCopied } from './judge-sites.ts';
import { TestArchive } from './test-archive.ts';

/** The way of a call, from the outside: what is promised of every call holds for each of these. */
export async function proveMain(say: (line: string) => void): Promise<string[]> {
  const archive = new TestArchive();
  const problems: string[] = [];
  const samples = sampleCalls();
  const shared = sharedCalls();
  const calls = [...samples, ...shared];
  try {
    say(`archiving ${calls.length} calls, ${samples.length} of them our own samples`);
    await archive.start();
    const ids = await deliver(archive, samples, shared, problems);
    await untilSettled(archive, ids, problems);
    let ranges = 0;
    for (const call of calls) {
      const id = ids.get(call.name) ?? '';
      try {
        ranges += await judgeCall(archive, call, id, problems);
      } catch (error) {
        problems.push(`${call.name}: ${(error as Error).message}`);
      }
    }
    say(`${calls.length} calls seen, heard and read; ${ranges} ranges of personal data`);
    await judgeExample(archive, samples, ids, problems);
    await untilCopied(archive, problems);
    const { ledger } = await archive.json<SystemStatus>('operator', '/status');
    const exitCode = await archive.stop();
    if (exitCode !== 0) problems.push(`the archive ended with ${exitCode}`);
    const done = calls.length;
    const acts = {
      ...{ 'record.intake': done, 'record.view': done, 'record.transcript': done },
      ...{ 'record.play': done, 'record.search': 1, 'archive.create': 1, 'archive.stop': 1 },
    };
    const entries = judgeLedger(archive, ledger.verifierKey, acts, problems);
    say(`ledger of ${entries} entries verified at three sites, every act of this proof in it once`);
    const canaries = canariesOf(calls);
    const scan = findCanaries([archive.data, archive.temp], canaries);
    problems.push(...scan.found.map((one) => `plain text: ${one}`));
    const logged = canaries.filter((one) => readFileSync(archive.log).includes(one.bytes));
    problems.push(...logged.map((one) => `plain text in the log: ${one.what}`));
    say(`${canaries.length} canaries looked for in ${scan.files} files, ${mib(scan.bytes)} MiB`);
    const objects = await judgeObjects(archive, problems);
    say(`${objects} object copies opened, and refused with one byte flipped`);
    await judgeDamage(archive, ids.get(samples[0]?.name ?? '') ?? '', problems);
    if (problems.length === 0) {
      say(
        `prove main: OK ${calls.length} calls, ${ranges} ranges silent, ${canaries.length} canaries absent from ${scan.files} files, ${objects} object copies, ${entries} ledger entries`,
      );
    }
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}

/** By upload, and every second of the shared calls through the drop folder. */
async function deliver(
  archive: TestArchive,
  samples: TrueCall[],
  shared: TrueCall[],
  problems: string[],
): Promise<Map<string, string>> {
  const dropped = shared.filter((_, at) => at % 2 === 1);
  const ids = new Map<string, string>();
  for (const call of [...samples, ...shared.filter((one) => !dropped.includes(one))]) {
    const id = await deliverByPost(archive, call, problems);
    if (id !== undefined) ids.set(call.name, id);
  }
  for (const [name, id] of await deliverByDrop(archive, dropped, problems)) ids.set(name, id);
  return ids;
}

async function untilSettled(
  archive: TestArchive,
  ids: Map<string, string>,
  problems: string[],
): Promise<void> {
  for (const [name, id] of ids) {
    for (let waited = 0; ; waited += 200) {
      const status = await archive.json<{ state: string; reasonCode?: string; reason?: string }>(
        'operator',
        `/records/${id}/status`,
      );
      if (status.state === 'archived') break;
      if (status.state === 'quarantined' || waited > 300_000) {
        problems.push(`${name}: ${status.state} ${status.reasonCode} ${status.reason}`);
        break;
      }
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

/** 2025-08-10 to 08-15, 设备故障, agent 001: exactly the calls of which that is true. */
async function judgeExample(
  archive: TestArchive,
  samples: TrueCall[],
  ids: Map<string, string>,
  problems: string[],
): Promise<void> {
  const query = new URLSearchParams({
    ...{ from: '2025-08-10', to: '2025-08-15', issueType: '设备故障', agent: '001' },
  });
  const result = await archive.json<SearchResult>('qa', `/records?${query}`);
  const expected = samples
    .filter((call) => {
      const at = Date.parse(String(call.metadata.startedAt));
      const inside =
        at >= Date.parse('2025-08-10T00:00+08:00') && at < Date.parse('2025-08-16T00:00+08:00');
      const { id } = call.metadata.agent as { id: string };
      return inside && call.issue === '设备故障' && id === '001';
    })
    .map((call) => ids.get(call.name));
  const found = result.hits.map((hit) => hit.id);
  if (expected.length === 0) problems.push('no sample fits the example');
  if (found.sort().join() !== expected.sort().join()) {
    problems.push(`the example finds ${found.length} calls, should find ${expected.length}`);
  }
}

const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
