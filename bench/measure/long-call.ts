import { sampleCalls, type TrueCall, uploadOf } from '../prove/calls.ts';
import type { TestArchive } from '../prove/test-archive.ts';

/** Of a sample of half a minute: about a quarter of an hour. */
const REPEATS = 32;
const WAV_HEADER_BYTES = 44;

/** Sends one long call in; resolves to its id once it is archived. */
export async function archivedLongCall(archive: TestArchive): Promise<string> {
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
