import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RecordMetadataIn } from '../packages/contract/src/intake.ts';
import { classify } from '../packages/server/src/classify/classify.ts';
import { loadRules } from '../packages/server/src/classify/rules.ts';
import { readWavLayout, sampleReader } from '../packages/server/src/core/sound/wav.ts';
import { createFfmpegDecoder } from '../packages/server/src/platform/media/ffmpeg-decoder.ts';
import { probeMedia } from '../packages/server/src/probe/index.ts';
import type { CallMetadata } from '../packages/server/src/record/metadata.ts';
import type { Finding } from '../packages/server/src/record/transcript.ts';
import { type FindingType, SENSITIVE_FINDINGS } from '../packages/server/src/record/vocabulary.ts';
import { passesLuhn } from '../packages/server/src/redact/bank-card.ts';
import { REPLACEMENTS, redactTranscript } from '../packages/server/src/redact/index.ts';
import { passesResidentIdCheck } from '../packages/server/src/redact/resident-id.ts';
import { parseTranscript } from '../packages/server/src/transcribe/index.ts';
import type { Truth } from './build-call.ts';

const files = readdirSync(import.meta.dirname);
const slugs = files
  .filter((name) => name.endsWith('.truth.json'))
  .map((name) => name.replace('.truth.json', ''));
const bytes = (name: string) => readFileSync(join(import.meta.dirname, name));

function open(media: Buffer) {
  return {
    sizeBytes: media.length,
    readRange: async (offset: number, length: number) => media.subarray(offset, offset + length),
    stream: async function* () {
      yield media;
    },
  };
}

function read(slug: string) {
  const truth = JSON.parse(bytes(`${slug}.truth.json`).toString()) as Truth;
  const metadata = RecordMetadataIn.parse(JSON.parse(bytes(`${slug}.json`).toString()));
  const { transcript } = parseTranscript(bytes(`${slug}.transcript.json`));
  const isVideo = files.includes(`${slug}.mp4`);
  return {
    truth,
    metadata,
    transcript,
    isVideo,
    media: bytes(`${slug}.${isVideo ? 'mp4' : 'wav'}`),
  };
}

describe.each(slugs)('%s', (slug) => {
  const { truth, metadata, transcript, isVideo, media } = read(slug);
  const words = transcript.turns.flatMap((turn) =>
    turn.words.map((word) => ({ ...word, channel: turn.channel })),
  );

  it('has words in order, on both channels, inside the call, that spell its turns', () => {
    expect(new Set(words.map((word) => word.channel))).toEqual(new Set([0, 1]));
    let before = 0;
    for (const turn of transcript.turns) {
      expect(turn.words.map((word) => word.text).join('')).toBe(turn.text);
      for (const word of turn.words) {
        expect(word.startMs).toBeGreaterThanOrEqual(before);
        expect(word.endMs).toBeGreaterThan(word.startMs);
        before = word.endMs;
      }
    }
    expect(before).toBeLessThanOrEqual(metadata.durationMs ?? 0);
    for (const event of metadata.events) {
      expect(event.offsetMs).toBeLessThanOrEqual(metadata.durationMs ?? 0);
    }
  });

  it('has each stretch of personal data at whole words that say it', () => {
    for (const found of truth.pii) {
      const inside = words.filter(
        (word) =>
          word.channel === found.channel &&
          word.startMs >= found.startMs &&
          word.endMs <= found.endMs,
      );
      expect(inside[0]?.startMs).toBe(found.startMs);
      expect(inside.at(-1)?.endMs).toBe(found.endMs);
      expect(inside.map((word) => word.text).join('')).toContain(found.text);
    }
    for (const { field, text } of truth.written ?? []) {
      expect(metadata[field as 'demand']).toContain(text);
    }
  });

  it('has invented numbers that pass their checks', () => {
    for (const { type, digits = '' } of truth.pii) {
      if (type === 'id_card') expect(passesResidentIdCheck(digits)).toBe(true);
      if (type === 'bank_card') expect(passesLuhn(digits)).toBe(true);
      if (type === 'phone') expect(digits).toMatch(/^1380000\d{4}$/);
    }
  });

  const itIsSound = isVideo ? undefined : it;
  itIsSound?.('is heard where its words are, each on its own channel only', async () => {
    const layout = await readWavLayout(open(media));
    if (layout === undefined) throw new Error('no layout');
    expect([layout.channels, layout.sampleRate]).toEqual([2, 8000]);
    expect(layout.frames).toBe((metadata.durationMs ?? 0) * 8);
    const sampleAt = sampleReader(layout.codec);
    const loudest = (channel: number, startMs: number, endMs: number) => {
      let most = 0;
      for (let frame = startMs * 8; frame < endMs * 8; frame += 1) {
        const at = layout.dataOffset + (frame * 2 + channel) * layout.sampleBytes;
        most = Math.max(most, Math.abs(sampleAt(media, at)));
      }
      return most;
    };
    for (const { channel, startMs, endMs } of words) {
      expect(loudest(channel, startMs, endMs)).toBeGreaterThan(10_000);
      expect(loudest(1 - channel, startMs, endMs)).toBeLessThan(16);
    }
  });

  const itIsVideo = isVideo ? it : undefined;
  itIsVideo?.('is a picture with the sound of both sides', async () => {
    const facts = await probeMedia(open(media), createFfmpegDecoder({ memoryBytes: 2 ** 26 }));
    expect(facts).toMatchObject({ kind: 'video', videoCodec: 'h264', codec: 'aac', channels: 2 });
    expect(Math.abs(facts.durationMs - (metadata.durationMs ?? 0))).toBeLessThan(200);
    expect(metadata.channel).toBe('video');
    expect(media.length).toBeLessThan(300_000);
  });

  it('has everything personal that is said in it found and masked, and nothing else', () => {
    const { durationMs = 0, customer } = metadata;
    const knownNumbers = [customer.phone, customer.account].filter((one) => one !== undefined);
    const knownNames = [customer.name].filter((one) => one !== undefined);
    const context = { durationMs, channels: 2, knownNumbers, knownNames };
    const redacted = redactTranscript(transcript, context);
    expect(redacted.unlocatable).toEqual([]);
    const masked = ({ channel, startMs, endMs }: (typeof truth.pii)[number]) =>
      redacted.maskSpans.some(
        (span) => span.channel === channel && span.startMs <= startMs && span.endMs >= endMs,
      );
    expect(truth.pii.filter((found) => !masked(found))).toEqual([]);
    expect(redacted.findings.map((found) => found.type).sort()).toEqual(
      truth.pii.map((found) => found.type).sort(),
    );
  });

  it('reaches its tier, issue type and industry by the rules we ship', () => {
    const file = join(import.meta.dirname, '../config/classification.yaml');
    const rules = loadRules(readFileSync(file, 'utf8'), 'classification.yaml');
    const findings = truth.pii.map(
      ({ type }): Finding => ({ type: type as FindingType, confidence: 1, evidence: 'truth' }),
    );
    const turns = transcript.turns.map((turn) => ({ ...turn, text: masked(turn.text, truth) }));
    const { issueType: _, ...sent } = metadata;
    const call = { ...sent, startedAt: new Date(metadata.startedAt) } as CallMetadata;
    const input = { metadata: call, transcript: { ...transcript, turns }, findings };
    const result = classify(rules, { ...input, hasVideo: isVideo });
    expect([result.tier, result.issueType]).toEqual([truth.tier, truth.issue]);
    if (truth.industry !== undefined) expect(result.industry).toBe(truth.industry);
  });
});

describe('the whole set', () => {
  const calls = slugs.map(read);

  it('shows every issue type and tier, and each kind of spoken personal data', () => {
    expect(new Set(calls.map((call) => call.truth.issue))).toEqual(
      new Set(
        '业务咨询 设备故障 客户纠纷 危机事件 身份核实 贷款咨询 健康咨询 民生诉求 视频通话协助'.split(
          ' ',
        ),
      ),
    );
    expect(new Set(calls.map((call) => call.truth.tier))).toEqual(
      new Set(['basic', 'core', 'sensitive']),
    );
    const types = new Set(calls.flatMap((call) => call.truth.pii.map((found) => found.type)));
    expect(types).toEqual(new Set(['phone', 'id_card', 'bank_card', 'address', 'medical']));
  });

  it('is sensitive exactly where something sensitive is said', () => {
    for (const { truth } of calls) {
      const said = truth.pii.some(({ type }) => SENSITIVE_FINDINGS.includes(type as FindingType));
      expect(said).toBe(truth.tier === 'sensitive');
    }
  });

  it('holds what the guided searches look for', () => {
    const faults = calls.filter(
      ({ truth, metadata }) =>
        truth.issue === '设备故障' &&
        metadata.agent.id === '001' &&
        metadata.startedAt >= '2025-08-10' &&
        metadata.startedAt < '2025-08-16',
    );
    expect(faults).toHaveLength(1);
    expect(calls.some(({ metadata }) => /^138\d{4}2641$/.test(metadata.customer.phone ?? ''))).toBe(
      true,
    );
    expect(new Set(calls.map(({ metadata }) => metadata.sourceCallId)).size).toBe(calls.length);
  });

  it('stays small enough to ship', () => {
    const sizes = files.map((name) => statSync(join(import.meta.dirname, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6.6e6);
  });
});

/** What the rules see: personal data replaced, as the redact step leaves it. */
function masked(text: string, truth: Truth): string {
  return truth.pii.reduce(
    (rest, found) => rest.replaceAll(found.text, REPLACEMENTS[found.type as FindingType]),
    text,
  );
}
