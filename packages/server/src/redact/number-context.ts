import { isMadeOf } from './made-of.ts';
import { findMentions, type Mention, type NumberKind } from './number-mentions.ts';
import type { ScannedTurn } from './scanned-turn.ts';
import { OPAQUE } from './scanned-turn.ts';
import type { DigitRun } from './spoken-digits.ts';
import { isBackchannel } from './spoken-digits.ts';

/** `tight`: named directly; `asked`: the answer to a question; `loose`: spoken of nearby. */
export interface NumberContext {
  kind: Exclude<NumberKind, 'tail' | 'digits'>;
  strength: 'tight' | 'asked' | 'loose';
  tail: boolean;
}

const GAP =
  /[\s,，。、;；:：!！?？\-—_…·"“”'‘’()（）=+#]|嗯|呃|额|啊|哦|噢|我|您|你|他|她|的|是|为|叫|就|也|都|应该|大概|好像|吗|呢|吧|呀|哈|了|那个|这个|一下|那|这|对|好|号码?|数字|给|报|说|记|再|然后|不对|不是|错|跟|和|或者|目前|现在|写|填|留|输|输入|有|在|两个?|请|登记|预留|尾号|后四位|[后末前]面|填写|显示|收到|看到|发|is|开头|结尾|末[四几]位|[A-Za-z]{1,3}(?![A-Za-z])|设置|改成|改为|初始|原来|之前|刚才/y;
const AFTER_GAP =
  /[\s,，。、:：]|嗯|啊|这个?|那个?|就?是|我的?|您的?|你的?|他的?|为|本人的?|常用的?|老公的?|爱人的?/y;
/** 尾号2641的手机, 尾号1237的储蓄卡: what the last digits are the last digits of. */
const TAIL_OF =
  /^(?:[\s是为：:]|[零〇洞幺一二两三四五六七八九\d]){3,10}(?:的那?(?:个|张)?|这个|这张)(?:(手机|电话|号码)|(?:银行|储蓄|信用)?卡)/;
/** 幺三八开头、八零零零结尾: parts of a number that was not said whole. */
const PART_OF = /^的?(?:开头|结尾|打头|收尾)/;
const LONGEST_QUESTION_REST = 14;
const LONGEST_LOOSE_GAP = 24;
/** From a name to the last of the numbers that are listed behind it. */
const LONGEST_LIST = 400;
const MENTIONS_BACK = 50;
const LONGEST_BARE_HEAD = 60;
const TURNS_BACK = 10;
const TALK_BACK = 3;

/** Reads what a number is from the words before it, after it, and the question it answers. */
export function numberContexts(turns: readonly ScannedTurn[]) {
  const mentions = turns.map((turn) => findMentions(turn.text));
  const light = turns.map((turn) => isBackchannel(turn.text));
  return (run: DigitRun): NumberContext | undefined => {
    const first = run.digits[0];
    const last = run.digits.at(-1);
    if (!first || !last) return undefined;
    const own = ownContext(turns, mentions, first.turn, first.start);
    if (own?.strength === 'tight') return own;
    const after = contextAfter(turns, mentions, last.turn, last.end);
    if (after) return after;
    return own ?? askedContext(turns, mentions, light, first.turn, first.start);
  };
}

type Mentions = readonly (readonly Mention[])[];

function ownContext(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  start: number,
): NumberContext | undefined {
  const text = turns[turn]?.text ?? '';
  const here = mentions[turn] ?? [];
  const at = countBefore(here, start) - 1;
  const nearest = here[at];
  if (!nearest || start - nearest.end > LONGEST_LIST) return undefined;
  if (text.slice(nearest.end, start).includes(OPAQUE)) return undefined;
  // Digits between the mention and this number belong to the numbers of the same list.
  const between = text.slice(nearest.end, start).replace(/[零〇洞幺一二两三四五六七八九\d]/g, '');
  const tight = between.length <= LONGEST_LOOSE_GAP && isMadeOf(GAP, between);
  if (!tight && between.length > LONGEST_LOOSE_GAP) return undefined;
  const resolved = resolveTail(turns, mentions, turn, at, tight);
  if (!resolved || (resolved.kind === 'public' && !tight)) return undefined;
  return { ...resolved, strength: tight ? 'tight' : 'loose' };
}

/** 尾号 and 后四位 take their kind from what was spoken of last. */
function resolveTail(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  at: number,
  tight: boolean,
): { kind: NumberContext['kind']; tail: boolean } | undefined {
  const mention = mentions[turn]?.[at];
  if (!mention) return undefined;
  if (mention.kind === 'digits') {
    const named = lastNamed(mentions[turn] ?? [], at);
    return { kind: named ?? 'verification_code', tail: false };
  }
  if (mention.kind !== 'tail') return { kind: mention.kind, tail: false };
  if (!tight) {
    const named = lastNamed(mentions[turn] ?? [], at);
    return named && { kind: named, tail: false };
  }
  const rest = turns[turn]?.text.slice(mention.end) ?? '';
  const owner = TAIL_OF.exec(rest);
  if (owner) return { kind: owner[1] ? 'phone' : 'bank_card', tail: true };
  for (let back = turn; back >= 0 && back >= turn - TURNS_BACK; back--) {
    const here = mentions[back] ?? [];
    const named = lastNamed(here, back === turn ? at : here.length, 'birth_date');
    if (named) return { kind: named, tail: true };
  }
  return { kind: rest.includes('卡') ? 'bank_card' : 'phone', tail: true };
}

/** How many mentions end at or before the position; mentions are in order. */
function countBefore(mentions: readonly Mention[], position: number): number {
  let low = 0;
  let high = mentions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((mentions[middle]?.end ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The kind of the last mention before index `until` that names one. */
function lastNamed(
  mentions: readonly Mention[],
  until: number,
  except?: NumberKind,
): NumberContext['kind'] | undefined {
  for (let at = until - 1; at >= Math.max(0, until - MENTIONS_BACK); at--) {
    const kind = mentions[at]?.kind;
    if (kind && kind !== except && isNamed(kind)) return kind;
  }
  return undefined;
}

function isNamed(kind: NumberKind): kind is NumberContext['kind'] {
  return kind !== 'tail' && kind !== 'digits';
}

function contextAfter(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  end: number,
): NumberContext | undefined {
  const text = turns[turn]?.text ?? '';
  if (PART_OF.test(text.slice(end, end + 3))) {
    const here = mentions[turn] ?? [];
    const kind = lastNamed(here, countBefore(here, end)) ?? 'phone';
    return { kind, strength: 'tight', tail: true };
  }
  const here = mentions[turn] ?? [];
  const next = here[countBefore(here, end)];
  if (!next || next.start < end || !isNamed(next.kind)) return undefined;
  const gap = text.slice(end, next.start);
  if (!/是|为|这|我的/.test(gap) || gap.length > LONGEST_LOOSE_GAP || !isMadeOf(AFTER_GAP, gap))
    return undefined;
  return { kind: next.kind, strength: 'tight', tail: false };
}

function askedContext(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  light: readonly boolean[],
  turn: number,
  start: number,
): NumberContext | undefined {
  const head = (turns[turn]?.text ?? '').slice(0, Math.min(start, LONGEST_BARE_HEAD));
  const bare =
    start <= LONGEST_BARE_HEAD &&
    isMadeOf(GAP, head.replace(/[零〇洞幺一二两三四五六七八九十百\d]/g, ''));
  let talked = bare ? 0 : 1;
  for (let back = turn - 1; back >= 0 && back >= turn - TURNS_BACK; back--) {
    const here = mentions[back] ?? [];
    const text = turns[back]?.text ?? '';
    if (here.length > 0) {
      const resolved = resolveTail(turns, mentions, back, here.length - 1, true);
      const rest = text.length - (here.at(-1)?.end ?? 0);
      if (!resolved) return undefined;
      const asked = talked === 0 && rest <= LONGEST_QUESTION_REST;
      if (resolved.kind === 'public' && !asked) return undefined;
      return { ...resolved, strength: asked ? 'asked' : 'loose' };
    }
    if (!light[back]) talked++;
    if (talked > TALK_BACK) return undefined;
  }
  return undefined;
}
