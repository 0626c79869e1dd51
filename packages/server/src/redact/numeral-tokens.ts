import { OPAQUE } from './scanned-turn.ts';

/** One spoken or written digit and the characters that say it. */
export interface Digit {
  /** '0' … '9', or 'X' as the last character of a resident ID. */
  value: string;
  start: number;
  end: number;
}

/**
 * What a stretch of text is to someone who listens for numbers: digits, a filler or pause inside a
 * number, a correction, an amount or date, or anything else.
 */
export interface NumeralToken {
  kind: 'digits' | 'light' | 'correction' | 'quantity' | 'other';
  start: number;
  end: number;
  digits: Digit[];
  /** Said as a number with 十, 百 or 千. */
  cardinal: boolean;
  /** In Chinese characters, not figures. */
  spoken: boolean;
}

const DIGIT_OF: Readonly<Record<string, string>> = {
  ...{ 零: '0', 〇: '0', 洞: '0', '○': '0', 幺: '1', 一: '1', 壹: '1', 二: '2', 两: '2', 贰: '2' },
  ...{ 三: '3', 叁: '3', 四: '4', 肆: '4', 五: '5', 伍: '5', 六: '6', 陆: '6', 七: '7', 柒: '7' },
  ...{ 八: '8', 捌: '8', 九: '9', 玖: '9', 俩: '2', 仨: '3' },
};
/** Digits of radio speech that are ordinary characters elsewhere: read as digits beside digits. */
const RADIO_DIGIT_OF: Readonly<Record<string, string>> = { 么: '1', 拐: '7', 勾: '9', 腰: '1' };

const D = '[一二两三四五六七八九幺]';
const CARDINAL = new RegExp(
  `(?:${D}千(?:零?${D}百)?(?:零?${D}?十)?(?:零?${D})?|${D}百(?:零?${D}?十)?(?:零?${D})?|${D}?十${D}?)`,
  'y',
);
const REPEATED =
  /([一二两三四五六七八九2-9])个([零〇洞幺一二两三四五六七八九0-9])(?![十百千万元块个])/y;
const DOUBLED = /(双|double\s*|两?连)([零〇洞幺一二两三四五六七八九0-9])/iy;

/** Dates, clock times, decimals, versions and amounts in figures. */
const WRITTEN_QUANTITY = [
  /(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}(?!\d)日?/y,
  /\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)/y,
  /[￥¥$]\s?\d[\d,.]*/y,
  /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?=\s*[元块万亿])/y,
  /\d+(?:\.\d+)+(?!\d)/y,
];
const DOTTED_PHONE = /^\d{3}\.\d{4}\.\d{4}$/;

const SPOKEN_QUANTITY =
  /第[零一二两三四五六七八九十百\d]+|(?:星期|礼拜|周)[一二三四五六日天]|初[一二三四五六七八九十]|百分之[零一二两三四五六七八九十百点\d]+|[零一二两三四五六七八九十]点[零一二两三四五六七八九]+(?=[元块万亿倍米%个折])/y;

const UNIT = new RegExp(
  [
    '\\s?(?:元|块|万|亿|%|‰|天|年|月|日|小时|分钟|个月|[GMTK]B?(?![a-z])|kg|km|cm|mm|ml)',
    '毛|角|分|折|点|周|星期|礼拜|个|次|人|名|刻|秒|岁|层|楼|栋|幢|座|单元|室|期|倍|台|件|箱|瓶|盒|张|条|份|只',
    '辆|套|种|项|级|度|米|公里|千米|公斤|千克|斤|克|毫|兆|代|版|号线|路|单|笔|页|款|平|遍|刀|美|季度|届|集',
    '瓦|伏|安|升|吨|户|家|位|根|支|杯|顿|趟|回|圈|步|字|句|段|间|床|桌|排|列|颗|粒|片|包|袋|桶|罐|寸|英寸|尺|厘|成',
  ].join('|'),
  'iy',
);
const SHORT_NUMBER_UNIT = /\s?号/y;

const LIGHT =
  /[\s,，。、;；:：!！?？\-－—–_~～·•…\/()（）"“”'‘’.|#*]+|嗯+|呃+|额|啊|哦|噢|唉|诶|欸|那个|这个|那|就是|然后|接着|后面|前面|中间|最后|开头|第一段|再来|再|横杠|横线|中杠|短横|杠|空格|还有|接下来|下面|以及|和|跟|或者|转|分机|是|的|对|好|呢|吧|呀|嘛|哈|了|完了|一下|稍等|等一下|等会|我看看|我看|看看|怎么说|怎么说呢|您记|你记|记一下|您听|听好|他是|它是/y;
const CORRECTION =
  /不对不对|不对|不是|错了|说错了?|念错了?|搞错了?|看错了?|哦不|不好意思|抱歉|等等|重新说|重来|重说|重新来|更正|应该是|我再说一遍|再说一遍|改成/y;

/** Words with a numeral in them that say no number. */
const WORDS =
  /一(?:些|样|直|定|起|共|般|会儿?|边|旦|切|致|开始|方面|块儿|律|番|群|对一|概|时|向|系列|体|把|道|遍|口气|来|方|并|经|同|再)|一个(?![零〇洞幺一二两三四五六七八九0-9])|万一|唯一|统一|单一|之一|进一步|十分|千万|百度|百货|二维|三方|二手|四川|三亚|五金|六安|九江|三明|七夕|八卦|零售|零件|零食|零钱|两者|双十一|五一劳动|三星|百分|一一(?=介绍|说明|核对|回复)/y;

/** Reads one turn's text from left to right. Every character belongs to exactly one token. */
export function readNumeralTokens(text: string): NumeralToken[] {
  const tokens: NumeralToken[] = [];
  let at = 0;
  while (at < text.length) {
    const token = readToken(text, at, tokens.at(-1));
    const before = tokens.at(-1);
    if (token.kind === 'other' && before?.kind === 'other') before.end = token.end;
    else tokens.push(token);
    at = token.end;
  }
  return markQuantities(text, tokens);
}

function readToken(text: string, at: number, before: NumeralToken | undefined): NumeralToken {
  const char = text[at] ?? '';
  if (char === OPAQUE) return plain('other', at, at + 1);
  for (const pattern of WRITTEN_QUANTITY) {
    if (!/[\d￥¥$]/.test(char)) break;
    const found = matchFrom(pattern, text, at);
    if (found && !DOTTED_PHONE.test(found)) return plain('quantity', at, at + found.length);
  }
  const quantity = matchFrom(SPOKEN_QUANTITY, text, at);
  if (quantity) return plain('quantity', at, at + quantity.length);
  const correction = matchFrom(CORRECTION, text, at);
  if (correction) return plain('correction', at, at + correction.length);
  const light = matchFrom(LIGHT, text, at);
  if (light) return plain('light', at, at + light.length);
  const word = matchFrom(WORDS, text, at);
  if (word) return plain('other', at, at + word.length);
  return readDigits(text, at, before) ?? plain('other', at, at + 1);
}

function readDigits(
  text: string,
  at: number,
  before: NumeralToken | undefined,
): NumeralToken | undefined {
  const repeated = readRepeated(text, at);
  if (repeated) return repeated;
  const cardinal = matchFrom(CARDINAL, text, at);
  if (cardinal) {
    const end = at + cardinal.length;
    return digitsToken(cardinalValue(cardinal), at, end, { cardinal: true, spoken: true });
  }
  const char = text[at] ?? '';
  const figures = /^\d+/.exec(text.slice(at, at + 64))?.[0];
  if (figures) {
    const digits = [...figures].map((value, k) => ({ value, start: at + k, end: at + k + 1 }));
    const end = at + figures.length;
    return { kind: 'digits', start: at, end, digits, cardinal: false, spoken: false };
  }
  const spoken = DIGIT_OF[char];
  if (spoken) return digitsToken(spoken, at, at + 1, { cardinal: false, spoken: true });
  const next = text[at + 1] ?? '';
  const besideDigit = before?.kind === 'digits' || /[\d]/.test(DIGIT_OF[next] ?? next);
  const radio = RADIO_DIGIT_OF[char];
  if (radio && besideDigit)
    return digitsToken(radio, at, at + 1, { cardinal: false, spoken: true });
  return readCheckX(text, at, before);
}

/** The X that ends a resident ID, written or said; and the letter O among digits. */
function readCheckX(
  text: string,
  at: number,
  before: NumeralToken | undefined,
): NumeralToken | undefined {
  if (before?.kind !== 'digits' && before?.kind !== 'light') return undefined;
  const said = /^(?:[xX×](?![a-zA-Z])|叉|艾克斯|爱克斯|埃克斯)/.exec(text.slice(at, at + 4))?.[0];
  if (said) return digitsToken('X', at, at + said.length, { cardinal: false, spoken: false });
  const isLetterO = /[oO]/.test(text[at] ?? '') && !/[a-zA-Z]/.test(text[at + 1] ?? '');
  if (before.kind === 'digits' && isLetterO) {
    return digitsToken('0', at, at + 1, { cardinal: false, spoken: false });
  }
  return undefined;
}

function readRepeated(text: string, at: number): NumeralToken | undefined {
  const several = execFrom(REPEATED, text, at);
  if (several) {
    const [whole, count = '', digit = ''] = several;
    const value = (DIGIT_OF[digit] ?? digit).repeat(Number(DIGIT_OF[count] ?? count));
    return digitsToken(value, at, at + whole.length, { cardinal: false, spoken: true });
  }
  const doubled = execFrom(DOUBLED, text, at);
  if (!doubled) return undefined;
  const [whole, , digit = ''] = doubled;
  const value = (DIGIT_OF[digit] ?? digit).repeat(2);
  return digitsToken(value, at, at + whole.length, { cardinal: false, spoken: true });
}

/** 一百三十八 → 138, 三百零一 → 301, 二十五 → 25. */
function cardinalValue(said: string): string {
  let total = 0;
  let pending = 0;
  for (const char of said) {
    const power = { 十: 10, 百: 100, 千: 1000 }[char];
    if (power === undefined) pending = Number(DIGIT_OF[char] ?? 0);
    else {
      total += (pending || 1) * power;
      pending = 0;
    }
  }
  return String(total + pending);
}

/**
 * Numbers that a unit follows are amounts, dates, times or counts. A long row of digits stays a
 * row of digits whatever follows it: its last number alone may be the amount.
 */
function markQuantities(text: string, tokens: NumeralToken[]): NumeralToken[] {
  let first = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'digits') {
      first = at + 1;
      continue;
    }
    if (tokens[at + 1]?.kind === 'digits') continue;
    const group = tokens.slice(first, at + 1);
    const count = group.reduce((sum, one) => sum + one.digits.length, 0);
    if (!isFollowedByUnit(text, token.end, count, token.cardinal)) continue;
    for (const one of count <= 6 ? group : token.cardinal ? [token] : []) {
      one.kind = 'quantity';
      one.digits = [];
    }
  }
  return tokens;
}

function isFollowedByUnit(text: string, at: number, count: number, cardinal: boolean): boolean {
  if (matchFrom(UNIT, text, at)) return true;
  return (cardinal || count <= 3) && matchFrom(SHORT_NUMBER_UNIT, text, at) !== undefined;
}

function digitsToken(
  values: string,
  start: number,
  end: number,
  how: { cardinal: boolean; spoken: boolean },
): NumeralToken {
  const digits = [...values].map((value) => ({ value, start, end }));
  return { kind: 'digits', start, end, digits, ...how };
}

function plain(kind: NumeralToken['kind'], start: number, end: number): NumeralToken {
  return { kind, start, end, digits: [], cardinal: false, spoken: false };
}

function execFrom(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function matchFrom(pattern: RegExp, text: string, at: number): string | undefined {
  return execFrom(pattern, text, at)?.[0];
}
