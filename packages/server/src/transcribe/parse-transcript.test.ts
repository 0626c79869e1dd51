import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../core/shared-folder.testing.ts';
import type { Transcript } from '../record/transcript.ts';
import { parseTranscript } from './parse-transcript.ts';
import { renderVtt } from './render-vtt.ts';
import { arbitraryTranscript, parse, refusal } from './transcripts.testing.ts';

describe('own JSON', () => {
  it('keeps the text and gives its punctuation to the words', () => {
    const { transcript, format } = parse({
      language: 'zh-CN',
      turns: [
        {
          channel: 0,
          speaker: 'agent',
          startMs: 0,
          endMs: 900,
          text: '您好，请问。',
          words: [
            { text: '您好', startMs: 0, endMs: 400 },
            { text: '请问', startMs: 450, endMs: 900 },
          ],
        },
      ],
    });
    expect(format).toBe('json');
    expect(transcript.source).toBe('supplied:json');
    expect(transcript.turns[0]?.text).toBe('您好，请问。');
    expect(transcript.turns[0]?.words.map((word) => word.text)).toEqual(['您好，', '请问。']);
  });

  it('keeps the text when the words do not spell it, and drops the words', () => {
    const words = [{ text: '一三八', startMs: 0, endMs: 900 }];
    const turn = { channel: 1, startMs: 0, endMs: 900, text: '138', words };
    const [read] = parse({ turns: [turn] }).transcript.turns;
    expect(read).toMatchObject({ text: '138', speaker: 'customer', words: [] });
  });

  it('reads back what it has read (property)', () => {
    fc.assert(
      fc.property(arbitraryTranscript(), (transcript) => {
        const once = parse(transcript).transcript;
        expect(parse(once).transcript).toEqual(once);
        for (const turn of once.turns.filter((one) => one.words.length > 0)) {
          expect(turn.words.map((word) => word.text).join('')).toBe(turn.text);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('flat words', () => {
  it('groups by channel and by pauses of more than a second', () => {
    const { transcript, format } = parse({
      words: [
        { ch: 0, w: '您', start: 0, end: 0.5 },
        { ch: 1, w: '嗯', start: 0.4, end: 0.6 },
        { ch: 0, w: '好', start: 0.6, end: 1 },
        { ch: 0, w: '再见', start: 2.001, end: 3 },
      ],
    });
    expect(format).toBe('words');
    expect(
      transcript.turns.map((turn) => [turn.speaker, turn.startMs, turn.endMs, turn.text]),
    ).toEqual([
      ['agent', 0, 1000, '您好'],
      ['customer', 400, 600, '嗯'],
      ['agent', 2001, 3000, '再见'],
    ]);
    expect(transcript.language).toBe('zh');
  });

  it('accepts a bare array, speakers by name, and spaces Latin words only', () => {
    const { transcript } = parse([
      { word: 'hello', start: 0, end: 0.2, speaker: 'Agent' },
      { word: 'there', start: 0.3, end: 0.5, speaker: 'Agent' },
      { word: '1', start: 0.5, end: 0.6, speaker: 'Customer' },
      { word: '3', start: 0.6, end: 0.7, speaker: 'Customer' },
    ]);
    expect(transcript.turns.map((turn) => [turn.speaker, turn.channel, turn.text])).toEqual([
      ['agent', 0, 'hello there'],
      ['customer', 1, '13'],
    ]);
  });

  it('does not take a numbered speaker for the agent', () => {
    const { transcript } = parse([{ word: 'hi', start: 0, end: 1, speaker: 0 }]);
    expect(transcript.turns[0]?.speaker).toBe('unknown');
  });

  const shared = sharedFolder();
  it.skipIf(shared === undefined)('reads the word lists of the sample calls', () => {
    const file = join(shared ?? '', 'calls/c01-consult.truth.json');
    const truth = JSON.parse(readFileSync(file, 'utf8')) as { words: { text: string }[] };
    const { transcript, format } = parseTranscript(readFileSync(file));
    expect(format).toBe('words');
    expect(transcript.turns.map((turn) => turn.text).join('')).toBe(
      truth.words.map((word) => word.text).join(''),
    );
    expect(transcript.turns.map((turn) => turn.speaker)).toEqual([
      'agent',
      'customer',
      'agent',
      'customer',
      'agent',
    ]);
  });
});

describe('verbose_json', () => {
  it('shares loose words out among the segments', () => {
    const { transcript, format } = parse({
      task: 'transcribe',
      language: 'english',
      text: 'Hello there. Bye.',
      segments: [
        { id: 0, start: 0, end: 1, text: ' Hello there.' },
        { id: 1, start: 1.2, end: 2, text: ' Bye.' },
      ],
      words: [
        { word: 'Hello', start: 0, end: 0.4 },
        { word: 'there', start: 0.5, end: 1 },
        { word: 'Bye', start: 1.2, end: 2 },
      ],
    });
    expect(format).toBe('verbose_json');
    expect(transcript.language).toBe('en');
    expect(transcript.turns.map((turn) => turn.words.map((word) => word.text))).toEqual([
      ['Hello ', 'there.'],
      ['Bye.'],
    ]);
  });

  it('takes words inside segments, and words without segments', () => {
    const words = [{ word: ' 好的', start: 0, end: 1, probability: 0.5 }];
    const inside = parse({ text: '好的', segments: [{ start: 0, end: 1, text: '好的', words }] });
    expect(inside.transcript.turns[0]?.words[0]).toMatchObject({ text: '好的', confidence: 0.5 });
    const only = parse({ text: '好的', task: 'transcribe', words });
    expect(only.format).toBe('verbose_json');
    expect(only.transcript.turns[0]?.text).toBe('好的');
  });
});

describe('World Transcription Format', () => {
  const wtf = {
    transcript: { text: '您好 你好', language: 'zh-CN', duration: 2, confidence: 0.9 },
    segments: [
      { id: 0, start: 0, end: 1, text: '您好', confidence: 0.9, speaker: 0, words: [0] },
      { id: 1, start: 1, end: 2, text: '你好', confidence: 0.9, speaker: 'c', words: [1] },
    ],
    words: [
      { id: 0, start: 0, end: 1, text: '您好', confidence: 0.9, speaker: 0 },
      { id: 1, start: 1, end: 2, text: '你好', confidence: 0.9, speaker: 'c' },
    ],
    speakers: { '0': { id: 0, label: 'Agent' }, c: { id: 'c', label: 'Customer' } },
    metadata: { provider: 'x', model: 'y', created_at: '', processed_at: '' },
  };

  it('takes voices from the speakers table and words by index', () => {
    const { transcript, format } = parse(wtf);
    expect(format).toBe('wtf');
    expect(transcript.language).toBe('zh-CN');
    expect(transcript.turns.map((turn) => [turn.speaker, turn.channel, turn.words.length])).toEqual(
      [
        ['agent', 0, 1],
        ['customer', 1, 1],
      ],
    );
  });

  it('names the segment whose word is missing', () => {
    const [first] = wtf.segments;
    const broken = { ...wtf, segments: [{ ...first, words: [9] }] };
    expect(refusal(broken)).toEqual({ code: 'TRANSCRIPT_UNREADABLE', field: 'segments/0/words/0' });
  });
});

describe('cues', () => {
  it('reads WebVTT voices, notes, names, entities and several voices in a cue', () => {
    const { transcript, format } = parse(
      [
        '\ufeffWEBVTT - x\r\nLanguage: zh-CN',
        'NOTE not said',
        'STYLE\n::cue { color: red }',
        'one\n00:01.000 --> 00:02.500 align:start\n<v Agent>您好 <i>A&amp;B</i></v>',
        '01:00:03.000 --> 01:00:04.000\n<v 客户>要\n两行</v>\n<v.ch3 Bob>第三人',
      ].join('\r\n\r\n'),
    );
    expect(format).toBe('vtt');
    expect(transcript.language).toBe('zh-CN');
    expect(transcript.turns).toMatchObject([
      { speaker: 'agent', channel: 0, startMs: 1000, endMs: 2500, text: '您好 A&B' },
      { speaker: 'customer', channel: 1, startMs: 3_603_000, text: '要 两行' },
      { speaker: 'unknown', channel: 3, text: '第三人' },
    ]);
  });

  it('reads SubRip with and without speakers in front, also as UTF-16', () => {
    const text =
      '1\n00:00:01,000 --> 00:00:02,000\n客服：您好\n\n2\n00:00:03,000 --> 00:00:04,000\n时间是 3：00\n';
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    for (const bytes of [Buffer.from(text), utf16]) {
      const { transcript, format } = parseTranscript(bytes);
      expect(format).toBe('srt');
      expect(transcript.turns).toMatchObject([
        { speaker: 'agent', text: '您好', startMs: 1000 },
        { speaker: 'unknown', text: '时间是 3：00', endMs: 4000 },
      ]);
    }
  });

  it('reads back what renderVtt wrote, but for word times (property)', () => {
    fc.assert(
      fc.property(arbitraryTranscript(), (input) => {
        const once = parse(input).transcript;
        const back = parse(renderVtt(once)).transcript;
        const plain = (transcript: Transcript) =>
          transcript.turns.map((turn) => ({
            ...turn,
            text: turn.text.replace(/\s+/g, ' ').trim(),
            words: [],
          }));
        expect(plain(back)).toEqual(plain(once));
        expect(back.language).toBe(once.language);
      }),
      { numRuns: 200 },
    );
  });
});
