import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';

/**
 * Pairs that stand in nearly every call and tell none from another. Courtesy and negation are not
 * among them: quality inspectors look for exactly those.
 */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `我们 你们 他们 咱们 这个 那个 这边 那边 这样 那样 这些 那些 这里 那里 什么 怎么 一个 一下 一些 一点
  就是 然后 因为 所以 但是 如果 还是 或者 而且 可以 现在 的话 的时 时候 已经 自己 知道 觉得 是不 不是
  的是 了一 我的 你的 您的 他的 是的 是我 我是 我这 您这 你这 这是 那是 个是 有一 有个 也是 都是 吗我`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

const RUNS = /\p{Script=Han}+|[\p{L}\p{N}]+?(?=\p{Script=Han}|[^\p{L}\p{N}]|$)/gu;
const HAN = /^\p{Script=Han}/u;

/** Half and full width, capitals: as typed and as transcribed become the same. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * What a text is found by: every pair of neighbouring Han characters, and every other word of two
 * letters or digits and more; stop words are left out. Pairs make any Chinese word a conjunction of
 * tokens however a segmenter would have cut the text around it, so that no match is ever missed.
 */
export function textTokens(text: string): Set<string> {
  const tokens = new Set<string>();
  for (const [run] of normaliseText(text).matchAll(RUNS)) {
    if (!HAN.test(run)) {
      if (run.length > 1) tokens.add(run);
      continue;
    }
    const letters = [...run];
    for (let at = 0; at + 1 < letters.length; at += 1) {
      const pair = `${letters[at]}${letters[at + 1]}`;
      if (!STOP_WORDS.has(pair)) tokens.add(pair);
    }
  }
  return tokens;
}

let loaded: Jieba | undefined;
/** The dictionary takes a third of a second to load: only programs that search need it. */
const segmenter = (): Jieba => {
  loaded ??= Jieba.withDict(dict);
  return loaded;
};

/**
 * The words that a query asks for, normalised, each to be contained in a call: 打印机退款 asks for
 * 打印机 and 退款, "打印机退款" in quotation marks for just that. A single character joins the word
 * before it; stop words are left out. `tooShort` names pieces of one character.
 */
export function queryWords(text: string): { words: string[]; tooShort: string[] } {
  const words = new Set<string>();
  const tooShort: string[] = [];
  for (const [piece, quoted] of normaliseText(text).matchAll(
    /["“”]([^"“”]+)["“”]|[^\s"“”,，。;；、!！?？]+/gu,
  )) {
    const parts = quoted === undefined ? cut(piece) : [quoted.trim()];
    for (const part of parts) {
      if (STOP_WORDS.has(part)) continue;
      if (textTokens(part).size === 0) tooShort.push(part);
      else words.add(part);
    }
  }
  return { words: [...words], tooShort };
}

/** A piece without spaces, cut into words of two characters and more where it is Chinese. */
function cut(piece: string): string[] {
  const words: string[] = [];
  for (const [run] of piece.matchAll(RUNS)) {
    if (!HAN.test(run) || [...run].length <= 2) {
      words.push(run);
      continue;
    }
    const parts: string[] = [];
    for (const part of segmenter().cut(run, true)) {
      const last = parts.at(-1);
      const alone = [...part].length === 1 || (last !== undefined && [...last].length === 1);
      if (last !== undefined && alone) parts[parts.length - 1] = last + part;
      else parts.push(part);
    }
    words.push(...parts);
  }
  return words;
}
