import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RecordMetadataIn } from '@voxkeep/contract';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../../core/shared-folder.testing.ts';
import { parseTranscript } from '../../transcribe/index.ts';
import {
  bytesOf,
  hashOf,
  parse,
  recording,
  refusal,
  SOUND,
  UUID,
  vcon,
} from './made-vcon.testing.ts';
import { parseVcon } from './parse-vcon.ts';

describe('parseVcon', () => {
  it('makes one upload of a call: sound, metadata, customer and agent by role', () => {
    const { metadata, media, vconUuid, transcript, leftOut } = parse(vcon);
    expect(vconUuid).toBe(UUID);
    expect(media).toEqual({ bytes: SOUND, mediaType: 'audio/x-wav' });
    expect(metadata).toEqual({
      sourceSystem: 'vcon',
      sourceCallId: UUID,
      startedAt: '2026-01-05T01:00:00.000Z',
      durationMs: 12_345,
      direction: 'inbound',
      channel: 'voice',
      agent: { id: 'agent-001', name: '李客服' },
      customer: { phone: '+8613800138000', name: '张三' },
      events: [],
    });
    expect(() => RecordMetadataIn.parse(metadata)).not.toThrow();
    expect([transcript, leftOut]).toEqual([undefined, []]);
  });

  it('reads gzip like plain', () => {
    expect(parseVcon(gzipSync(bytesOf(vcon)))).toEqual(parse(vcon));
  });

  it('a call that the agent began is outbound', () => {
    expect(parse({ ...vcon, dialog: [{ ...recording, originator: 1 }] }).metadata).toMatchObject({
      direction: 'outbound',
      customer: { name: '张三' },
    });
  });

  it('without roles the agent is unknown and the caller is the customer', () => {
    const parties = [
      { tel: '+12345678901', name: 'Alice' },
      { tel: '+19876543210', name: 'Bob' },
    ];
    const { metadata } = parse({ ...vcon, parties });
    expect(metadata.agent).toEqual({ id: 'unknown' });
    expect(metadata.customer).toEqual({ phone: '+12345678901', name: 'Alice' });
  });

  it('reads the names of earlier drafts', () => {
    const { mediatype, ...older } = recording;
    const dialog = [{ ...older, mimetype: mediatype, alg: 'SHA-512', signature: hashOf('sha512') }];
    const old = { ...vcon, vcon: '0.0.1', appended: { uuid: UUID }, dialog };
    expect(parse(old).media).toEqual({ bytes: SOUND, mediaType: 'audio/x-wav' });
    const seconds = { ...vcon, dialog: [{ ...recording, start: 1_767_574_800 }] };
    expect(parse(seconds).metadata.startedAt).toBe('2026-01-05T01:00:00.000Z');
  });

  it('keeps holds and transfers as events, never the keys that were pressed', () => {
    const at = (second: string) => `2026-01-05T01:00:${second}Z`;
    const party_history = [
      { party: 1, time: at('00'), event: 'join' },
      { party: 1, time: at('04'), event: 'hold' },
      { party: 0, time: at('05'), event: 'keydown', button: '1234' },
    ];
    const transfer = { type: 'transfer', start: at('06'), transferee: 0, transferor: 1 };
    const { metadata } = parse({ ...vcon, dialog: [{ ...recording, party_history }, transfer] });
    expect(metadata.events).toEqual([
      { type: 'joined', offsetMs: 0, agentId: 'agent-001' },
      { type: 'held', offsetMs: 4000, agentId: 'agent-001' },
      { type: 'transferred', offsetMs: 6000 },
    ]);
    expect(JSON.stringify(metadata)).not.toContain('1234"');
  });

  it('says which parts it has no place for', () => {
    const text = { type: 'text', start: recording.start, body: 'Hi', encoding: 'none' };
    const analysis = [{ type: 'summary', body: 'x', encoding: 'none' }];
    const attachments = [{ purpose: 'contract', body: 'aGk', encoding: 'base64url' }];
    const dialog = [text, recording];
    expect(parse({ ...vcon, dialog, analysis, attachments }).leftOut).toEqual([
      'dialog/0',
      'analysis/0',
      'attachments/0',
    ]);
  });
});

describe('transcripts', () => {
  const wtf = {
    transcript: { text: '您好', language: 'zh-CN', duration: 1, confidence: 1 },
    segments: [{ id: 0, start: 0, end: 1, text: '您好', confidence: 1, speaker: 0 }],
  };
  const turnsOf = (analysis: unknown, where: 'analysis' | 'attachments' = 'analysis') => {
    const { transcript } = parse({ ...vcon, [where]: [analysis] });
    return transcript && parseTranscript(transcript.bytes).transcript.turns;
  };

  it.each([
    ['as a value', { type: 'wtf_transcription', dialog: 0, encoding: 'json', body: wtf }],
    ['as text', { type: 'transcript', dialog: [0], encoding: 'json', body: JSON.stringify(wtf) }],
    ['without an encoding', { type: 'transcript', body: wtf }],
  ])('takes the World Transcription Format %s', (_, analysis) => {
    expect(turnsOf(analysis)).toMatchObject([{ text: '您好', startMs: 0, endMs: 1000 }]);
  });

  it('takes one from the attachments, and WebVTT', () => {
    const body = 'WEBVTT\n\n00:00.000 --> 00:01.000\n<v Agent>您好';
    expect(turnsOf({ purpose: 'transcript', encoding: 'none', body }, 'attachments')).toMatchObject(
      [{ text: '您好', speaker: 'agent' }],
    );
  });

  it('rewrites a list of vCon turns on the clock of the recording', () => {
    const turn = { parties: 1, start: '2026-01-05T01:00:01.5Z', duration: 0.5, text: '您好' };
    expect(turnsOf({ type: 'transcript', body: [turn], encoding: 'json' })).toMatchObject([
      { channel: 1, speaker: 'agent', startMs: 1500, endMs: 2000, text: '您好' },
    ]);
  });

  it('leaves a redacted transcript, another recording’s, and forms that nobody reads', () => {
    expect(turnsOf({ type: 'transcript-redacted', body: wtf })).toBeUndefined();
    expect(turnsOf({ type: 'transcript', dialog: 7, body: wtf })).toBeUndefined();
    expect(turnsOf({ type: 'transcript', body: { odd: true } })).toBeUndefined();
  });
});

describe('the published examples', () => {
  const shared = sharedFolder();
  const read = (name: string) => readFileSync(join(shared ?? '', 'vcon', `${name}.vcon`));

  it.skipIf(shared === undefined)('with an inline recording is taken', () => {
    const { media, metadata } = parseVcon(read('ab_call_int_rec'));
    expect(media.bytes.subarray(0, 4).toString()).toBe('RIFF');
    expect(media.mediaType).toBe('audio/x-wav');
    expect(metadata).toMatchObject({
      startedAt: '2022-06-21T17:53:26.000Z',
      durationMs: 4720,
      agent: { id: 'unknown' },
      customer: { phone: '+12345678901', name: 'Alice' },
    });
  });

  it.skipIf(shared === undefined).each([
    ['ab_call_ext_rec', 'VCON_EXTERNAL_MEDIA', 'dialog/0'],
    ['ab_call_ext_rec_amended', 'VCON_EXTERNAL_MEDIA', 'dialog/0'],
    ['ab_call_ext_rec_analysis', 'VCON_EXTERNAL_MEDIA', 'dialog/0'],
    ['ab_call_ext_rec_redacted', 'VCON_NO_MEDIA', undefined],
  ])('%s is refused', (name, code, field) => {
    expect(refusal(read(name))).toEqual({ code, field });
  });

  it.skipIf(shared === undefined)('a Deepgram transcript is read once the sound is inline', () => {
    const example = JSON.parse(read('ab_call_ext_rec_analysis').toString()) as typeof vcon;
    const start = '2022-06-21T17:53:26.000+00:00';
    const { transcript } = parse({ ...example, dialog: [{ ...recording, start }] });
    const { turns } = parseTranscript(transcript?.bytes ?? Buffer.alloc(0)).transcript;
    expect(turns[0]?.text.startsWith('Hello. This is example.com. My name is Bob.')).toBe(true);
    expect(turns[0]?.startMs).toBe(1200);
  });
});
