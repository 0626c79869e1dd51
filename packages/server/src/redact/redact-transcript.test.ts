import { describe, expect, test } from 'vitest';
import type { Transcript, Turn, Word } from '../record/transcript.ts';
import { redactText, redactTranscript, residualFindings } from './index.ts';

const CONTEXT = { durationMs: 60_000, channels: 2, knownNumbers: [], knownNames: [] };

function words(texts: readonly string[], startMs = 1000, stepMs = 300): Word[] {
  return texts.map((text, at) => ({
    text,
    startMs: startMs + at * stepMs,
    endMs: startMs + at * stepMs + stepMs - 50,
  }));
}

function turnOf(list: Word[], more: Partial<Turn> = {}): Turn {
  const text = list.map((word) => word.text).join('');
  const startMs = list[0]?.startMs ?? 0;
  const endMs = list.at(-1)?.endMs ?? 0;
  return { channel: 1, speaker: 'customer', startMs, endMs, text, words: list, ...more };
}

const transcriptOf = (...turns: Turn[]): Transcript => ({
  language: 'zh-CN',
  source: 'supplied:json',
  turns,
});
const PHONE = [...'我手机是幺三八零五七九二六四幺谢谢'];

describe('sound', () => {
  test('the span runs from first to last word with 100 ms on each side, on the turn’s channel', () => {
    const { maskSpans, findings } = redactTranscript(transcriptOf(turnOf(words(PHONE))), CONTEXT);
    expect(maskSpans).toEqual([{ channel: 1, startMs: 2100, endMs: 5550 }]);
    expect(findings).toMatchObject([{ type: 'phone', startMs: 2200, endMs: 5450, turn: 0 }]);
  });

  test('a turn without words is masked whole', () => {
    const turn = turnOf([], { text: PHONE.join(''), startMs: 3000, endMs: 9000 });
    const { maskSpans } = redactTranscript(transcriptOf(turn), CONTEXT);
    expect(maskSpans).toEqual([{ channel: 1, startMs: 2900, endMs: 9100 }]);
  });

  test('when one covered word has no usable time, the whole turn is masked', () => {
    for (const bad of [{ startMs: Number.NaN }, { endMs: 0 }, { endMs: 99_000 }, { startMs: -5 }]) {
      const list = words(PHONE);
      Object.assign(list[8] ?? {}, bad);
      const turn = turnOf(list, { startMs: 500, endMs: 8000 });
      const { maskSpans } = redactTranscript(transcriptOf(turn), CONTEXT);
      expect(maskSpans).toEqual([{ channel: 1, startMs: 400, endMs: 8100 }]);
    }
  });

  test('with no usable time at all, the text is masked and the datum is named unlocatable', () => {
    for (const [startMs, endMs] of [
      [5, 5],
      [9, 3],
      [Number.NaN, 8],
      [0, 61_001],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      const turn = turnOf([], { text: PHONE.join(''), startMs, endMs });
      const redacted = redactTranscript(transcriptOf(turn), CONTEXT);
      expect(redacted.maskSpans).toEqual([]);
      expect(redacted.unlocatable).toEqual([{ type: 'phone', turn: 0, reason: 'no_usable_times' }]);
      expect(redacted.transcript.turns[0]?.text).toBe('我手机是[手机号]谢谢');
    }
  });

  test('words just past the end of the media count as outside it, not as masked', () => {
    const turn = turnOf(words(PHONE, 60_050, 55), { startMs: 60_050, endMs: 60_990 });
    const redacted = redactTranscript(transcriptOf(turn), CONTEXT);
    expect(redacted.maskSpans).toEqual([]);
    expect(redacted.unlocatable).toMatchObject([{ reason: 'outside_media' }]);
  });

  test('spans stay within the media', () => {
    const list = words([...'幺三八零五七九二六四幺'], 0, 300);
    const { maskSpans } = redactTranscript(transcriptOf(turnOf(list)), {
      ...CONTEXT,
      durationMs: 3260,
    });
    expect(maskSpans).toEqual([{ channel: 1, startMs: 0, endMs: 3260 }]);
  });

  test('mono is masked on channel 0; an unknown speaker or channel on every channel', () => {
    const spans = (more: Partial<Turn>, channels: number) =>
      redactTranscript(transcriptOf(turnOf(words(PHONE), more)), {
        ...CONTEXT,
        channels,
      }).maskSpans.map((span) => span.channel);
    expect(spans({ channel: 1 }, 1)).toEqual([0]);
    expect(spans({ speaker: 'unknown' }, 2)).toEqual([0, 1]);
    expect(spans({ channel: 7 }, 2)).toEqual([0, 1]);
    expect(spans({ channel: -1 }, 3)).toEqual([0, 1, 2]);
    expect(spans({ channel: 0, speaker: 'agent' }, 2)).toEqual([0]);
  });

  test('words in less time than anybody can say them in are masked with their turn, or named', () => {
    const list = words(['手机', '13805792641'], 2000, 60);
    const turn = turnOf(list, { startMs: 2000, endMs: 6000 });
    expect(redactTranscript(transcriptOf(turn), CONTEXT).maskSpans).toEqual([
      { channel: 1, startMs: 1900, endMs: 6100 },
    ]);
    // Seconds that were taken for milliseconds.
    const seconds = turnOf(words(['手机', '13805792641'], 2, 60), { startMs: 2, endMs: 6 });
    const redacted = redactTranscript(transcriptOf({ ...seconds, words: [] }), CONTEXT);
    expect(redacted.unlocatable).toMatchObject([{ type: 'phone', reason: 'no_usable_times' }]);
  });

  test('what the words said is masked though the text says something else', () => {
    const turn = turnOf([], { text: '我手机是***********', startMs: 2000, endMs: 6000 });
    const { transcript, findings, maskSpans } = redactTranscript(
      transcriptOf({ ...turn, heard: PHONE.join('') }),
      CONTEXT,
    );
    expect(maskSpans).toEqual([{ channel: 1, startMs: 1900, endMs: 6100 }]);
    expect(findings).toMatchObject([{ type: 'phone', turn: 0 }]);
    expect(findings[0]).not.toHaveProperty('textStart');
    expect(JSON.stringify(transcript)).not.toContain('幺三八');
  });

  test('spans that touch become one', () => {
    const list = words([...'幺三八零五七九二六四幺，我叫王小明']);
    const { maskSpans, findings } = redactTranscript(
      transcriptOf(turnOf(list), turnOf(words(['嗯'], 60_000, 200), { channel: 0 })),
      CONTEXT,
    );
    expect(findings.map((finding) => finding.type)).toEqual(['phone', 'name']);
    expect(maskSpans).toHaveLength(2);
  });
});

describe('text', () => {
  test('the covered words become one word with the span’s times, and text and words agree', () => {
    const { transcript } = redactTranscript(transcriptOf(turnOf(words(PHONE))), CONTEXT);
    const turn = transcript.turns[0];
    expect(turn?.text).toBe('我手机是[手机号]谢谢');
    expect(turn?.words.map((word) => word.text)).toEqual([
      ...['我', '手', '机', '是', '[手机号]', '谢', '谢'],
    ]);
    expect(turn?.words[4]).toEqual({ text: '[手机号]', startMs: 2200, endMs: 5450 });
  });

  test('a word that is covered in part is replaced whole', () => {
    const list = words(['您好', '我叫王小明', '请问', '手机13805792641', '对吗'], 1000, 700);
    const { transcript, maskSpans } = redactTranscript(transcriptOf(turnOf(list)), CONTEXT);
    expect(transcript.turns[0]?.text).toBe('您好[姓名]请问[手机号]对吗');
    expect(maskSpans).toEqual([
      { channel: 1, startMs: 1600, endMs: 2450 },
      { channel: 1, startMs: 3000, endMs: 3850 },
    ]);
  });

  test('punctuation and spaces that only the text has stay where they were', () => {
    const list = words([...'我手机是幺三八零五七九二六四幺谢谢']);
    const text = '我手机是：幺三八，零五七九，二六四幺。谢谢！';
    const { transcript, maskSpans } = redactTranscript(
      transcriptOf(turnOf(list, { text })),
      CONTEXT,
    );
    expect(transcript.turns[0]?.text).toBe('我手机是：[手机号]。谢谢！');
    expect(maskSpans).toEqual([{ channel: 1, startMs: 2100, endMs: 5550 }]);
  });

  test('a text that says something else than its words gives way to the words', () => {
    const list = words(PHONE);
    const { transcript } = redactTranscript(
      transcriptOf(turnOf(list, { text: '手机是13805792641' })),
      CONTEXT,
    );
    expect(transcript.turns[0]?.text).toBe('我手机是[手机号]谢谢');
  });

  test('an empty word inside a number keeps nothing of it', () => {
    const list = words(PHONE);
    list.splice(4, 0, { text: '', startMs: 2200, endMs: 2200 });
    list.splice(9, 0, { text: '', startMs: 3000, endMs: 3000 });
    const { transcript } = redactTranscript(transcriptOf(turnOf(list)), CONTEXT);
    const turn = transcript.turns[0];
    expect(turn?.words.map((word) => word.text).join('')).toBe(turn?.text);
    expect(turn?.text).toBe('我手机是[手机号]谢谢');
  });

  test('one number over two turns has a replacement and a finding in each', () => {
    const redacted = redactTranscript(
      transcriptOf(
        turnOf(words([...'幺三八零五'])),
        turnOf(words(['嗯'], 4000), { channel: 0, speaker: 'agent' }),
        turnOf(words([...'七九二六四幺'], 6000)),
      ),
      CONTEXT,
    );
    expect(redacted.transcript.turns.map((turn) => turn.text)).toEqual([
      '[手机号]',
      '嗯',
      '[手机号]',
    ]);
    expect(redacted.findings.map((finding) => finding.turn)).toEqual([0, 2]);
  });

  test('the input is not changed', () => {
    const transcript = transcriptOf(turnOf(words(PHONE)));
    const before = structuredClone(transcript);
    redactTranscript(transcript, CONTEXT);
    expect(transcript).toEqual(before);
  });

  test('no finding carries the value', () => {
    const redacted = redactTranscript(transcriptOf(turnOf(words(PHONE))), CONTEXT);
    expect(JSON.stringify(redacted.findings)).not.toMatch(/幺三八|138/);
  });
});

describe('what metadata knows', () => {
  const known = {
    ...CONTEXT,
    knownNumbers: ['+86 138 0579 2641', 'AC-778812', '60031188'],
    knownNames: ['王小明', 'Lily'],
  };
  const redact = (text: string) =>
    redactTranscript(transcriptOf(turnOf(words([...text]))), known).transcript.turns[0]?.text;

  test('its numbers are masked wherever they are said, whole or in telling parts', () => {
    expect(redact('订单号是幺三八零五七九二六四幺')).toBe('订单号是[手机号]');
    expect(redact('就是二六四幺那个')).toBe('就是[手机号]那个');
    expect(redact('编号六零零三幺幺八八')).toBe('编号[手机号]');
    expect(redact('户头是AC七七八八一二')).toBe('户头是[手机号]');
  });

  test('its names are masked wherever they are said', () => {
    expect(redact('帮王小明问一下')).toBe('帮[姓名]问一下');
    expect(redact('这里是lily为您服务')).toBe('这里是[姓名]为您服务');
  });

  test('the agent’s own number and unknown numbers stay', () => {
    expect(redact('工号八零二三幺为您服务')).toBe('工号八零二三幺为您服务');
  });
});

test('a written field is redacted with its field name and text ranges', () => {
  const known = { knownNumbers: [], knownNames: ['李雷'] };
  const { text, findings } = redactText(
    '客户李雷来电，电话13805792641，要求退款356元，订单号20250815001234',
    'agentNote',
    known,
  );
  expect(text).toBe('客户[姓名]来电，电话[手机号]，要求退款356元，订单号20250815001234');
  expect(findings).toMatchObject([
    { type: 'name', field: 'agentNote', textStart: 2, textEnd: 6 },
    { type: 'phone', field: 'agentNote', textStart: 11, textEnd: 16 },
  ]);
  expect(findings[0]).not.toHaveProperty('turn');
  expect(redactText(text, 'agentNote', known).findings).toEqual([]);
});

test('an hour of talk is redacted in less than a second, in proportion to its length', () => {
  const lines = [
    '您好请问有什么可以帮您',
    '我想问一下贷款的利息是多少，上个月还了三千二百一十五块',
    '请说一下您的手机号和身份证号码',
    '幺三八零五七九二六四幺，身份证三三零一零六一九九零零五一二三四五八',
    '好的王先生，您住在人民路二十八号对吗，工单号是二零二五零八一五零零一',
  ];
  const context = { ...CONTEXT, durationMs: 3_700_000 };
  const talkOf = (wordCount: number) => {
    const turns: Turn[] = [];
    for (let count = 0; count < wordCount; ) {
      const list = words([...(lines[turns.length % lines.length] ?? '')], count * 300, 300);
      count += list.length;
      const channel = turns.length % 2;
      turns.push(turnOf(list, { channel, speaker: channel === 0 ? 'agent' : 'customer' }));
    }
    return transcriptOf(...turns);
  };
  const timed = (wordCount: number) => {
    const talk = talkOf(wordCount);
    const tookMs = [1, 2, 3].map(() => {
      const startedAt = performance.now();
      redactTranscript(talk, context);
      return performance.now() - startedAt;
    });
    return Math.min(...tookMs);
  };
  timed(1200);
  // An hour of talk is about 12,000 words. The shortest of three runs is the one least disturbed.
  const hourMs = timed(12_000);
  expect(hourMs).toBeLessThan(1000);
  expect(hourMs / timed(1200)).toBeLessThan(30);
  const redacted = redactTranscript(talkOf(12_000), context);
  expect(redacted.findings.length).toBeGreaterThan(300);
  expect(residualFindings(redacted.transcript, context)).toEqual([]);
});
