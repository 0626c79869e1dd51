import type { RecordView, TranscriptView } from '@voxkeep/contract';
import type { TrueCall } from './calls.ts';
import { decodeSound, type Sound, speechUnder } from './sound.ts';
import type { TestArchive } from './test-archive.ts';

/** Louder than this after the tone is out, and somebody may be speaking. */
const MOST_RESIDUAL = 40;

/**
 * One archived call as a quality inspector sees and hears it: tier, issue type, nothing personal in
 * what is read, no speech where it was spoken. Resolves to how many ranges were listened to.
 */
export async function judgeCall(
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
  const media = await archive.media('qa', id);
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
