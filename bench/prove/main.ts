import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IntakeReceipt, RecordView, SearchResult, TranscriptView } from '@voxkeep/contract';
import { readSite } from '../oracle/read-sealed-object.ts';
import { sampleCalls, sharedCalls, type TrueCall, uploadOf } from './calls.ts';
import { canariesOf, findCanaries } from './canaries.ts';
import { decodeSound, type Sound, speechUnder } from './sound.ts';
import { TestArchive } from './test-archive.ts';

/** Louder than this after the tone is out, and somebody may be speaking. */
const MOST_RESIDUAL = 40;
const SITES = ['hq', 'branch', 'cloud'];

/** The way of a call, from the outside: what is promised of every call holds for each of these. */
export async function proveMain(say: (line: string) => void): Promise<string[]> {
  const archive = new TestArchive();
  const problems: string[] = [];
  const samples = sampleCalls();
  const calls = [...samples, ...sharedCalls()];
  try {
    say(`archiving ${calls.length} calls, ${samples.length} of them our own samples`);
    await archive.start();
    const ids = new Map<string, string>();
    for (const call of calls) ids.set(call.name, await deliver(archive, call, problems));
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
    const exitCode = await archive.stop();
    if (exitCode !== 0) problems.push(`the archive ended with ${exitCode}`);
    const canaries = canariesOf(calls);
    const scan = findCanaries([archive.data, archive.temp], canaries);
    problems.push(...scan.found.map((one) => `plain text: ${one}`));
    const logged = canaries.filter((one) => readFileSync(archive.log).includes(one.bytes));
    problems.push(...logged.map((one) => `plain text in the log: ${one.what}`));
    say(`${canaries.length} canaries looked for in ${scan.files} files, ${mib(scan.bytes)} MiB`);
    const objects = judgeObjects(archive, problems);
    say(`${objects} object copies opened, and refused with one byte flipped`);
    await judgeDamage(archive, ids.get(samples[0]?.name ?? '') ?? '', problems);
    if (problems.length === 0) {
      say(
        `prove main: OK ${calls.length} calls, ${ranges} ranges silent, ${canaries.length} canaries absent from ${scan.files} files, ${objects} object copies`,
      );
    }
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}

/** The samples are there already, and sending one again gives the same record; the others are new. */
async function deliver(archive: TestArchive, call: TrueCall, problems: string[]): Promise<string> {
  const { body, contentType } = uploadOf(call);
  const answer = await archive.ask('service', 'POST', '/records', body, {
    'content-type': contentType,
  });
  if (answer.status !== 201 && answer.status !== 200) {
    problems.push(`${call.name}: upload gives ${answer.status} ${answer.body}`);
    return '';
  }
  return (JSON.parse(answer.body.toString()) as IntakeReceipt).id;
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

async function judgeCall(
  archive: TestArchive,
  call: TrueCall,
  id: string,
  problems: string[],
): Promise<number> {
  const wrong = (what: string) => problems.push(`${call.name}: ${what}`);
  const view = await archive.json<RecordView>('qa', `/records/${id}`);
  if (view.tier !== call.tier) wrong(`tier ${view.tier}, should be ${call.tier}`);
  if (view.issueType !== call.issue) wrong(`issue ${view.issueType}, should be ${call.issue}`);
  const transcript = await archive.json<TranscriptView>('qa', `/records/${id}/transcript`);
  const kept = JSON.stringify([view, transcript.turns.map((turn) => turn.text), transcript]);
  const spoken = transcript.turns.map((turn) => turn.text).join('');
  for (const text of [...call.pii.flatMap((one) => one.texts), ...call.written]) {
    if (kept.includes(text) || spoken.includes(text)) wrong('a datum is in what is shown');
  }
  const media = await archive.ask('qa', 'GET', `/records/${id}/media`);
  if (media.status !== 200) wrong(`media gives ${media.status}`);
  const shape = { channels: view.media?.channels ?? 2, rate: view.media?.sampleRate ?? 8000 };
  const heard = decodeSound(media.body, shape.channels, shape.rate);
  // The measure must be one that hears: somebody speaks in every call.
  const whole = heard.channels.map((_, channel) => speechUnder(heard, channel, 0, view.durationMs));
  if (Math.max(...whole) < 10 * MOST_RESIDUAL) wrong('no speech is heard at all');
  for (const one of call.pii) {
    const rest = speechUnder(heard, one.channel, one.startMs, one.endMs);
    if (rest > MOST_RESIDUAL) {
      wrong(`speech of ${rest.toFixed(0)} at ${one.startMs} ms on channel ${one.channel}`);
    }
  }
  if (call.clean) judgeUntouched(call, view, heard, shape, wrong);
  else if (view.masked.length === 0) wrong('nothing is masked');
  return call.pii.length;
}

/** Nothing masked, and every sample that is heard is the original's. */
function judgeUntouched(
  call: TrueCall,
  view: RecordView,
  heard: Sound,
  shape: { channels: number; rate: number },
  wrong: (what: string) => void,
): void {
  if (view.masked.length > 0) wrong(`${view.masked.length} stretches are masked, none should be`);
  if (call.mediaType !== 'audio/wav') return;
  const original = decodeSound(call.media, shape.channels, shape.rate);
  const same = original.channels.every((samples, channel) => {
    const other = heard.channels[channel];
    return other?.length === samples.length && samples.every((value, at) => value === other[at]);
  });
  if (!same) wrong('the sound is not the original');
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

function judgeObjects(archive: TestArchive, problems: string[]): number {
  let copies = 0;
  for (const site of SITES) {
    for (const object of readSite(join(archive.data, 'sites', site), archive.keys)) {
      copies += 1;
      const sealed = readFileSync(object.path);
      const where = `${site} ${object.pool} ${object.purpose} ${object.objectId}`;
      try {
        object.open(sealed);
      } catch (error) {
        problems.push(`${where} does not open: ${(error as Error).message}`);
      }
      const flipped = Buffer.from(sealed);
      const at = (copies * 7919) % flipped.length;
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      try {
        object.open(flipped);
        problems.push(`${where} opens with byte ${at} flipped`);
      } catch {
        // Refused, as it should be.
      }
    }
  }
  if (copies === 0) problems.push('no objects were found at the sites');
  return copies;
}

/** The archive itself refuses a damaged object: its only copy's rendition is not played. */
async function judgeDamage(archive: TestArchive, id: string, problems: string[]): Promise<void> {
  const objects = readSite(join(archive.data, 'sites/hq'), archive.keys);
  const target = objects.find((one) => one.recordId === id && one.purpose === 'redacted');
  if (target === undefined) {
    problems.push('no rendition to damage');
    return;
  }
  const damaged = SITES.flatMap((site) =>
    readSite(join(archive.data, 'sites', site), archive.keys),
  );
  for (const copy of damaged.filter((one) => one.objectId === target.objectId)) {
    const bytes = readFileSync(copy.path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(copy.path, bytes);
  }
  await archive.start();
  const answer = await archive
    .ask('qa', 'GET', `/records/${id}/media`)
    .catch(() => ({ status: 0, body: Buffer.alloc(0) }));
  if (answer.status === 200 && answer.body.length > 0)
    problems.push('a damaged rendition was played');
  await archive.stop();
}

const mib = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
