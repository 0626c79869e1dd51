import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Transcript, Turn } from '../record/transcript.ts';
import { passesLuhn } from './bank-card.ts';
import { redactTranscript, residualFindings } from './index.ts';
import { passesResidentIdCheck, residentIdCheck } from './resident-id.ts';

const RUNS = { numRuns: 200 };
const SAID: Record<string, string[]> = {
  ...{ 0: ['零', '〇', '洞', '0'], 1: ['一', '幺', '1'], 2: ['二', '2'], 3: ['三', '3'] },
  ...{ 4: ['四', '4'], 5: ['五', '5'], 6: ['六', '6'], 7: ['七', '7'], 8: ['八', '8'] },
  ...{ 9: ['九', '9'], X: ['X', 'x', '叉', '艾克斯'] },
};
const PAUSES = ['', '', '', '', ' ', '，', '嗯', '那个', '、', '杠'];
const ACKNOWLEDGEMENTS = ['嗯', '好的', '对', '您继续', '然后呢', '嗯好的您说'];

const digit = fc.integer({ min: 0, max: 9 });
const digitsOf = (length: number) =>
  fc.array(digit, { minLength: length, maxLength: length }).map((list) => list.join(''));
const two = (value: number) => String(value).padStart(2, '0');

const residentId = fc
  .tuple(
    fc.constantFrom('110105', '330106', '440305', '510104', '652301'),
    fc.integer({ min: 1930, max: 2015 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    digitsOf(3),
  )
  .map(([region, year, month, day, sequence]) => {
    const first17 = `${region}${year}${two(month)}${two(day)}${sequence}`;
    return first17 + residentIdCheck(first17);
  });
const mobile = fc
  .tuple(fc.constantFrom('138', '159', '186', '177', '199', '150'), digitsOf(8))
  .map(([head, rest]) => head + rest);
const bankCard = fc
  .tuple(fc.constantFrom(['622202', 19], ['621700', 19], ['4392', 16], ['5187', 16]), digitsOf(14))
  .map(([[prefix, length], rest]) => {
    const body = `${prefix}${rest}`.slice(0, Number(length) - 1);
    const check = [...'0123456789'].find((last) => passesLuhn(body + last)) ?? '0';
    return body + check;
  });

interface Saying {
  forms: number[];
  pauses: string[];
  cuts: number[];
  acknowledgements: string[];
  isAsked: boolean;
}
const saying: fc.Arbitrary<Saying> = fc.record({
  forms: fc.array(fc.nat(11), { minLength: 19, maxLength: 19 }),
  pauses: fc.array(fc.constantFrom(...PAUSES), { minLength: 19, maxLength: 19 }),
  cuts: fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 3 }),
  acknowledgements: fc.array(fc.constantFrom(...ACKNOWLEDGEMENTS), { minLength: 3, maxLength: 3 }),
  isAsked: fc.boolean(),
});

/** The number as the customer says it over one to four turns, the agent acknowledging between. */
function tell(value: string, how: Saying, question: string): Transcript {
  const turns: Turn[] = [];
  let at = 0;
  const say = (channel: number, words: string[]): void => {
    const startMs = at;
    const timed = words.map((text) => {
      at += 200;
      return { text, startMs: at - 200, endMs: at };
    });
    const speaker = channel === 0 ? 'agent' : 'customer';
    turns.push({ channel, speaker, startMs, endMs: at, text: words.join(''), words: timed });
    at += 300;
  };
  if (how.isAsked) say(0, [question]);
  let part: string[] = [];
  let told = 0;
  [...value].forEach((char, index) => {
    const forms = SAID[char] ?? [];
    part.push(forms[(how.forms[index] ?? 0) % forms.length] ?? char);
    const isCut = how.cuts.includes(index) && index < value.length - 1;
    if (isCut) {
      say(1, part);
      say(0, [how.acknowledgements[told++] ?? '嗯']);
      part = [];
    } else if (index < value.length - 1 && how.pauses[index]) part.push(how.pauses[index] ?? '');
  });
  say(1, part);
  say(0, ['好的谢谢']);
  return { language: 'zh-CN', source: 'supplied:json', turns };
}

const contextFor = (transcript: Transcript) => ({
  durationMs: transcript.turns.at(-1)?.endMs ?? 0,
  channels: 2,
  knownNumbers: [],
  knownNames: [],
});

function digitsIn(text: string): string {
  const back = Object.entries(SAID).flatMap(([value, forms]) =>
    forms.map((form) => [form, value] as const),
  );
  return [...text].map((char) => back.find(([form]) => form === char)?.[1] ?? '').join('');
}

function expectGone(value: string, transcript: Transcript, type: string): void {
  const context = contextFor(transcript);
  const redacted = redactTranscript(transcript, context);
  const customer = redacted.transcript.turns.filter((turn) => turn.channel === 1);
  const left = customer.map((turn) => digitsIn(turn.text)).join('');
  expect(left, transcript.turns.map((turn) => turn.text).join(' / ')).toBe('');
  for (let at = 0; at + 5 <= value.length; at++) {
    expect(JSON.stringify(redacted)).not.toContain(value.slice(at, at + 5));
  }
  for (const word of transcript.turns
    .filter((turn) => turn.channel === 1)
    .flatMap((t) => t.words)) {
    if (digitsIn(word.text) === '') continue;
    const isMasked = redacted.maskSpans.some(
      (span) => span.channel === 1 && span.startMs <= word.startMs && span.endMs >= word.endMs,
    );
    expect(isMasked).toBe(true);
  }
  expect(new Set(redacted.findings.map((finding) => finding.type))).toEqual(new Set([type]));
  expect(residualFindings(redacted.transcript, context)).toEqual([]);
  const again = redactTranscript(redacted.transcript, context);
  expect(again.findings).toEqual([]);
  expect(again.transcript).toEqual(redacted.transcript);
}

describe('numbers said in any way over up to four turns', () => {
  test('any valid resident ID is masked whole', () => {
    fc.assert(
      fc.property(residentId, saying, (value, how) => {
        expect(passesResidentIdCheck(value)).toBe(true);
        expectGone(value, tell(value, how, '请说一下您的身份证号码'), 'id_card');
      }),
      RUNS,
    );
  });

  test('any mobile number is masked whole', () => {
    fc.assert(
      fc.property(mobile, saying, (value, how) => {
        expectGone(value, tell(value, how, '请问您的手机号是多少'), 'phone');
      }),
      RUNS,
    );
  });

  test('any bank card that passes Luhn is masked whole', () => {
    fc.assert(
      fc.property(bankCard, saying, (value, how) => {
        expectGone(value, tell(value, how, '请报一下银行卡号'), 'bank_card');
      }),
      RUNS,
    );
  });

  test('a wrong check character never unmasks a resident ID', () => {
    fc.assert(
      fc.property(residentId, saying, digit, (value, how, last) => {
        expectGone(
          value.slice(0, 17) + last,
          tell(value.slice(0, 17) + last, how, '身份证'),
          'id_card',
        );
      }),
      RUNS,
    );
  });
});

test('redaction never throws, and leaves nothing that it can find, whatever was said', () => {
  const scrap = fc.constantFrom(
    ...[
      '一',
      '三',
      '八',
      '零',
      '幺',
      '0',
      '9',
      '三十',
      '百',
      '元',
      '号',
      '路',
      '点',
      '艾特',
      '密码',
    ],
    ...[
      '身份证',
      '手机',
      '卡号',
      '我叫',
      '王',
      '先生',
      '，',
      ' ',
      '不对',
      '地址',
      '验证码',
      '糖尿病',
      'X',
      'A',
    ],
    ...[
      '京',
      '栋',
      '单元',
      '[手机号]',
      '😀',
      '\uE000',
      '尾号',
      '订单号',
      '的',
      '小区',
      '@',
      '.com',
    ],
  );
  const talk = fc.array(fc.array(scrap, { maxLength: 14 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(talk, fc.boolean(), (turns, withWords) => {
      const transcript: Transcript = {
        language: 'zh-CN',
        source: 'supplied:json',
        turns: turns.map((texts, index) => ({
          channel: index % 2,
          speaker: index % 2 === 0 ? 'agent' : 'customer',
          startMs: index * 10_000,
          endMs: index * 10_000 + 9000,
          text: texts.join(''),
          words: withWords
            ? texts.map((text, at) => ({
                text,
                startMs: index * 10_000 + at * 100,
                endMs: index * 10_000 + at * 100 + 100,
              }))
            : [],
        })),
      };
      const context = contextFor(transcript);
      const redacted = redactTranscript(transcript, context);
      expect(residualFindings(redacted.transcript, context)).toEqual([]);
      const again = redactTranscript(redacted.transcript, context);
      expect(again.findings).toEqual([]);
      expect(again.transcript).toEqual(redacted.transcript);
      for (const turn of redacted.transcript.turns) {
        if (withWords) expect(turn.words.map((word) => word.text).join('')).toBe(turn.text);
      }
    }),
    { numRuns: 300 },
  );
});
