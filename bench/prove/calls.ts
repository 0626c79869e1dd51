import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** One call with what is true of it. */
export interface TrueCall {
  name: string;
  metadata: Record<string, unknown>;
  transcript: Buffer;
  media: Buffer;
  mediaType: string;
  tier: string;
  issue: string;
  pii: { type: string; texts: string[]; channel: number; startMs: number; endMs: number }[];
  /** Personal data in written fields. */
  written: string[];
  /** True when nothing of it may be masked. */
  clean: boolean;
}

/** The archive's own sample calls. */
export function sampleCalls(): TrueCall[] {
  const folder = join(root, 'samples');
  return truths(folder).map((name) => {
    const stem = join(folder, name);
    const truth = json(`${stem}.truth.json`);
    const video = existsSync(`${stem}.mp4`);
    return {
      name,
      metadata: json(`${stem}.json`),
      transcript: readFileSync(`${stem}.transcript.json`),
      media: readFileSync(video ? `${stem}.mp4` : `${stem}.wav`),
      mediaType: video ? 'video/mp4' : 'audio/wav',
      tier: truth.tier,
      issue: truth.issue,
      pii: (truth.pii ?? []).map((one) => ({
        ...{ type: String(one.type), channel: Number(one.channel) },
        ...{ startMs: Number(one.startMs), endMs: Number(one.endMs) },
        texts: [one.text, one.digits].filter((text) => text !== undefined).map(String),
      })),
      written: (truth.written ?? []).map((one) => one.text),
      clean: (truth.pii ?? []).length === 0,
    };
  });
}

/** The shared telephone calls beside the checkout, where they are. */
export function sharedCalls(): TrueCall[] {
  const folder = resolve(root, process.env.VOXKEEP_SHARED ?? '../shared', 'calls');
  if (!existsSync(folder)) return [];
  return truths(folder).map((name, at) => {
    const truth = json(join(folder, `${name}.truth.json`));
    return {
      name,
      metadata: {
        sourceSystem: 'telephone',
        sourceCallId: name,
        startedAt: new Date(Date.UTC(2026, 9, 1 + at, 2)).toISOString(),
        agent: { id: truth.agent ?? '001' },
        team: '二组',
        ...(truth.industry === undefined ? {} : { industry: truth.industry }),
      },
      transcript: Buffer.from(JSON.stringify({ words: truth.words })),
      media: readFileSync(join(folder, `${name}.wav`)),
      mediaType: 'audio/wav',
      tier: truth.tier,
      issue: truth.issue,
      pii: (truth.pii ?? []).map((one) => ({
        type: String(one.type),
        channel: Number(one.channel),
        startMs: Number(one.start) * 1000,
        endMs: Number(one.end) * 1000,
        texts: [one.text, one.digits, one.value].filter((text) => text !== undefined).map(String),
      })),
      written: [],
      clean: (truth.pii ?? []).length === 0,
    };
  });
}

/** POST /records takes this. */
export function uploadOf(call: Pick<TrueCall, 'metadata' | 'transcript' | 'media' | 'mediaType'>): {
  body: Buffer;
  contentType: string;
} {
  const boundary = 'voxkeep-prove-boundary';
  const part = (name: string, type: string, bytes: Buffer) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ];
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      ...part('metadata', 'application/json', Buffer.from(JSON.stringify(call.metadata))),
      ...part('transcript', 'application/json', call.transcript),
      ...part('media', call.mediaType, call.media),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  };
}

const truths = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => basename(name, '.truth.json'))
    .sort();

interface Truth {
  tier: string;
  issue: string;
  agent?: string;
  industry?: string;
  words?: unknown;
  pii?: Record<string, string | number | undefined>[];
  written?: { text: string }[];
}

const json = (file: string): Truth & Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8'));
