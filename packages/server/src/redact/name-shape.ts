import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { AFTER_NAME, NO_NAMES } from './name-words.ts';
import { OPAQUE } from './scanned-turn.ts';
import { DOUBLE_SURNAMES, SURNAMES, TRANSCRIBED } from './surnames.ts';

const HAN_CHAR = /[\u4e00-\u9fff]/;
const DOUBLE = new RegExp(`^(?:${DOUBLE_SURNAMES})`);
/** 阿卜杜拉·买买提: a point in the middle is in names only. */
const DOTTED = /[\u4e00-\u9fff]{1,6}(?:[·•・‧][\u4e00-\u9fff]{1,8}){1,3}/y;
/** 王 小 明, 王，小，明: said slowly. */
const SLOW = /([\u4e00-\u9fff])(?:[\s,，、]{1,2}[\u4e00-\u9fff]){1,2}(?=$|[\s,，。!！?？])/y;

let dictionary: Jieba | undefined;

function tagsOf(text: string, withGuesses: boolean): { word: string; tag: string }[] {
  dictionary ??= Jieba.withDict(dict);
  return dictionary.tag(text, withGuesses);
}

/** The family name that begins here: 1 or 2 characters, 0 when none does. */
export function familyLength(text: string, at: number): number {
  if (DOUBLE.test(text.slice(at, at + 2))) return 2;
  return SURNAMES.has(text[at] ?? '') ? 1 : 0;
}

/** The length of the name that begins here, or 0. Of names without a known surname, `sure` ones. */
export function nameLength(text: string, at: number, sure: boolean): number {
  for (const pattern of [DOTTED, SLOW]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found && (pattern === DOTTED || SURNAMES.has(found[1] ?? ''))) return found[0].length;
  }
  const family = familyLength(text, at);
  const given = family > 0 ? givenLength(text, at + family) : 0;
  const transcribed = sure ? transcribedLength(text, at) : 0;
  return Math.max(given > 0 ? family + given : 0, transcribed);
}

/** One or two characters; the second unless it begins a word of its own. */
function givenLength(text: string, at: number): number {
  const isGiven = (place: number, first: boolean): boolean => {
    const char = text[place] ?? '';
    return HAN_CHAR.test(char) && (!AFTER_NAME.has(char) || (first && char === '小'));
  };
  if (!isGiven(at, true)) return 0;
  if (!isGiven(at + 1, false)) return 1;
  const [next] = tagsOf(text.slice(at + 1, at + 4), false);
  const beginsWord = next !== undefined && next.word.length >= 2 && !/^n[rz]/.test(next.tag);
  const [both] = tagsOf(text.slice(at, at + 2), false);
  return beginsWord && both?.word.length !== 2 ? 1 : 2;
}

function transcribedLength(text: string, at: number): number {
  let length = 0;
  while (length < 8 && TRANSCRIBED.has(text[at + length] ?? '')) length++;
  return length >= 3 ? length : 0;
}

/** True when the words say that this is not a name: part of a word of another kind. */
export function isOtherWord(text: string, at: number, before = 3): boolean {
  if (NO_NAMES.test(text.slice(at, at + 4))) return true;
  const from = Math.max(0, at - before);
  let place = from;
  for (const { word, tag } of tagsOf(text.slice(from, at + 5), true)) {
    const end = place + word.length;
    if (at >= place && at < end) return word.length >= 2 && !/^(?:nr|x|nz|ns|l)/.test(tag);
    place = end;
  }
  return false;
}

/** True when the character belongs to a word that began before it, as 方 in 对方. */
export function isPartOfWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const from = Math.max(0, at - 3);
  let place = from;
  for (const { word } of tagsOf(text.slice(from, at + 3), true)) {
    if (at > place && at < place + word.length) return true;
    place += word.length;
  }
  return false;
}

/** 王小明，大小的小，明天的明: the explanation tells the name again. */
export function explanationLength(text: string, start: number, length: number): number {
  const name = text.slice(start, start + length);
  const step =
    /^[\s,，。、]*(?:[\u4e00-\u9fff]是|就是)?[\u4e00-\u9fff]{1,4}(?:的|那个)([\u4e00-\u9fff])/;
  let total = 0;
  for (;;) {
    const found = step.exec(text.slice(start + length + total, start + length + total + 16));
    if (!found || !name.includes(found[1] ?? OPAQUE)) return total;
    total += found[0].length;
  }
}
