import type { RecordMetadataInput } from '../packages/contract/src/intake.ts';

export type PiiType = 'id_card' | 'bank_card' | 'phone' | 'address' | 'medical';

/** A call as it is written down: who says what, and what the telephone system knows of it. */
export interface Script {
  slug: string;
  /** Codec of the sound file; a video call has a picture and AAC sound. */
  form: 'pcm_mulaw' | 'pcm_alaw' | 'pcm_s16le' | 'video';
  tier: 'basic' | 'core' | 'sensitive';
  issue: string;
  /** The industry that the call should be given, where it matters. */
  industry?: string;
  /** `坐:` agent or `客:` customer, then words set apart by spaces, `[type words]` for personal data. */
  lines: string[];
  /** Moments, by the line at whose start they happen. */
  moments: { type: string; line: number | 'end'; note?: string }[];
  metadata: Omit<RecordMetadataInput, 'events' | 'durationMs' | 'sourceSystem'>;
  /** Personal data in the free text of the metadata. */
  written?: { field: string; type: PiiType | 'name'; text: string }[];
}

export interface ScriptWord {
  text: string;
  /** Which of the line's stretches of personal data it belongs to. */
  pii?: { type: PiiType; index: number };
}

export interface ScriptLine {
  channel: 0 | 1;
  words: ScriptWord[];
}

/** Reads one line. Throws on a line that does not say who speaks, or an open bracket. */
export function readLine(line: string): ScriptLine {
  const who = line.slice(0, 2);
  if (who !== '坐:' && who !== '客:') throw new Error(`no speaker: ${line}`);
  const words: ScriptWord[] = [];
  let open: ScriptWord['pii'];
  let index = 0;
  for (const token of line.slice(2).split(' ')) {
    if (token === '') continue;
    if (token.startsWith('[')) {
      open = { type: token.slice(1) as PiiType, index };
      index += 1;
      continue;
    }
    const text = token.replace(']', '');
    words.push(open === undefined ? { text } : { text, pii: open });
    if (token.includes(']')) open = undefined;
  }
  if (open !== undefined) throw new Error(`bracket left open: ${line}`);
  return { channel: who === '坐:' ? 0 : 1, words };
}
