import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CallMetadata } from '../record/metadata.ts';
import type { Finding, Transcript, Turn } from '../record/transcript.ts';
import type { FindingType } from '../record/vocabulary.ts';

export const RULES_FILE = resolve(import.meta.dirname, '../../../../config/classification.yaml');

/** What classify wants to know of a call, from lines such as '客: 我的设备坏了' and '坐: 您好'. */
export function callOf(
  lines: readonly string[],
  more: {
    metadata?: Partial<CallMetadata>;
    findings?: readonly FindingType[];
    hasVideo?: boolean;
  } = {},
) {
  const turns = lines.map((line, index): Turn => {
    const speaker = line.startsWith('坐:')
      ? 'agent'
      : line.startsWith('客:')
        ? 'customer'
        : 'unknown';
    const text = line.replace(/^[坐客]:\s*/, '');
    const channel = speaker === 'customer' ? 1 : 0;
    return { channel, speaker, startMs: index * 1000, endMs: index * 1000 + 900, text, words: [] };
  });
  const findings = (more.findings ?? []).map(
    (type): Finding => ({ type, confidence: 1, evidence: `${type}:test` }),
  );
  const transcript: Transcript = { language: 'zh', source: 'supplied:json', turns };
  return {
    metadata: metadataOf(more.metadata),
    transcript,
    findings,
    hasVideo: more.hasVideo ?? false,
  };
}

function metadataOf(more: Partial<CallMetadata> = {}): CallMetadata {
  return {
    sourceSystem: 'pbx',
    sourceCallId: '1',
    startedAt: new Date('2026-01-05T01:00:00Z'),
    direction: 'inbound',
    channel: 'voice',
    agent: { id: '001' },
    customer: {},
    events: [],
    ticketIds: [],
    ...more,
  };
}

const REPLACEMENTS: Partial<Record<FindingType, string>> = {
  id_card: '[身份证号]',
  bank_card: '[银行卡号]',
  phone: '[手机号]',
  address: '[地址]',
  name: '[姓名]',
  medical: '[健康信息]',
};

export interface Truth {
  id: string;
  tier: string;
  issue: string;
  words: { channel: number; text: string; start: number; end: number }[];
  pii?: { channel: number; type: FindingType; start: number; end: number }[];
}

/** A sample call as the classify step sees it: personal data replaced, by the truth's times. */
export function redactedCall(truth: Truth, metadata: Partial<CallMetadata> = {}) {
  const lines: { channel: number; text: string }[] = [];
  const done = new Set<object>();
  for (const word of truth.words) {
    const found = truth.pii?.find(
      (one) =>
        one.channel === word.channel && word.start >= one.start && word.end <= one.end + 0.001,
    );
    const text =
      found === undefined ? word.text : done.has(found) ? '' : (REPLACEMENTS[found.type] ?? '[…]');
    if (found !== undefined) done.add(found);
    const last = lines.at(-1);
    if (last?.channel === word.channel) last.text += text;
    else lines.push({ channel: word.channel, text });
  }
  return callOf(
    lines.map(({ channel, text }) => `${channel === 0 ? '坐' : '客'}: ${text}`),
    { metadata, findings: (truth.pii ?? []).map((one) => one.type) },
  );
}

export function readTruth(shared: string, name: string): Truth {
  return JSON.parse(readFileSync(join(shared, 'calls', `${name}.truth.json`), 'utf8')) as Truth;
}
