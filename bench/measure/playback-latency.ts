import { request } from 'node:https';
import { sampleCalls, type TrueCall, uploadOf } from '../prove/calls.ts';
import type { TestArchive } from '../prove/test-archive.ts';
import { printTable, quantile } from './table.ts';

const STRETCH_BYTES = 64 * 1024;
/** Of a sample of half a minute: about a quarter of an hour. */
const REPEATS = 32;
const WAV_HEADER_BYTES = 44;

/** A player's seeks into one long call: from asking to the first byte, and to the whole stretch. */
export async function measurePlayback(archive: TestArchive, rounds: number): Promise<void> {
  const id = await archivedLongCall(archive);
  const first: number[] = [];
  const whole: number[] = [];
  let sizeBytes = 0;
  for (let round = -5; round < rounds; round += 1) {
    const share = (Math.abs(round) * 0.618_034) % 1;
    const start = Math.floor(share * Math.max(0, sizeBytes - STRETCH_BYTES));
    const answer = await seek(archive, id, start);
    if (answer.status !== 206) throw new Error(`playback gives ${answer.status}`);
    sizeBytes = answer.sizeBytes;
    if (round < 0) continue;
    first.push(answer.firstByteMs);
    whole.push(answer.allBytesMs);
  }
  printTable(
    `playback over HTTPS, policy and ledger entry included: ${rounds} random seeks into ${(sizeBytes / 1e6).toFixed(1)} MB`,
    ['ms', 'p50', 'p99'],
    [
      ['first byte', quantile(first, 0.5), quantile(first, 0.99)],
      ['64 KiB', quantile(whole, 0.5), quantile(whole, 0.99)],
    ],
  );
}

async function archivedLongCall(archive: TestArchive): Promise<string> {
  const sample = sampleCalls().find((call) => call.name.startsWith('01-'));
  if (sample === undefined) throw new Error('no samples');
  const { body, contentType } = uploadOf(longer(sample));
  const answer = await archive.ask('service', 'POST', '/records', body, {
    'content-type': contentType,
  });
  if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${answer.body}`);
  const { id } = JSON.parse(answer.body.toString()) as { id: string };
  for (let waited = 0; waited < 120_000; waited += 200) {
    const { state } = await archive.json<{ state: string }>('operator', `/records/${id}/status`);
    if (state === 'archived') return id;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the long call was not archived');
}

/** The same talk again and again, with its transcript moved along. */
function longer(call: TrueCall): TrueCall {
  interface Timed {
    startMs: number;
    endMs: number;
  }
  const { turns } = JSON.parse(call.transcript.toString()) as {
    turns: (Timed & { words: Timed[] })[];
  };
  const sound = call.media.subarray(call.media.indexOf('data') + 8);
  const header = Buffer.from(call.media.subarray(0, call.media.length - sound.length));
  const lengthMs = Number(call.metadata.durationMs);
  const moved = <T extends Timed>(one: T, byMs: number): T => ({
    ...one,
    startMs: one.startMs + byMs,
    endMs: one.endMs + byMs,
  });
  const all = Array.from({ length: REPEATS }, (_, at) =>
    turns.map((turn) => ({
      ...moved(turn, at * lengthMs),
      words: turn.words.map((word) => moved(word, at * lengthMs)),
    })),
  ).flat();
  header.writeUInt32LE(header.length - 8 + sound.length * REPEATS, 4);
  header.writeUInt32LE(sound.length * REPEATS, header.length - 4);
  if (header.length < WAV_HEADER_BYTES) throw new Error('the sample is no WAV');
  return {
    ...call,
    metadata: { ...call.metadata, sourceCallId: 'bench-long', durationMs: lengthMs * REPEATS },
    transcript: Buffer.from(JSON.stringify({ turns: all })),
    media: Buffer.concat([header, ...Array.from({ length: REPEATS }, () => sound)]),
  };
}

async function seek(archive: TestArchive, id: string, start: number) {
  const headers = await archive.identity('qa');
  const range = `bytes=${start}-${start + STRETCH_BYTES - 1}`;
  const options = { ca: archive.authority, headers: { ...headers, range } };
  return new Promise<{
    status: number;
    sizeBytes: number;
    firstByteMs: number;
    allBytesMs: number;
  }>((done, reject) => {
    const started = performance.now();
    const outgoing = request(`${archive.url}/api/v1/records/${id}/media`, options, (incoming) => {
      let firstByteMs = 0;
      incoming.on('data', () => {
        if (firstByteMs === 0) firstByteMs = performance.now() - started;
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        done({
          status: incoming.statusCode ?? 0,
          sizeBytes: Number(String(incoming.headers['content-range']).split('/')[1]),
          firstByteMs,
          allBytesMs: performance.now() - started,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
