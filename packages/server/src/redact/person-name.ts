import {
  explanationLength,
  familyLength,
  isOtherWord,
  isPartOfWord,
  nameLength,
} from './name-shape.ts';
import * as words from './name-words.ts';
import type { Match } from './scanned-turn.ts';
import { matchAt, OPAQUE } from './scanned-turn.ts';
import { DOUBLE_SURNAMES, EXPLAINED_SURNAMES, SURNAMES } from './surnames.ts';

const { HAN } = words;
const STRONG = new RegExp(`(?:${words.NAMES_A_PERSON})[\\s,，]{0,3}(?=${HAN})`, 'g');
const WEAK = new RegExp(`(?:${words.NAMES_PERHAPS})[\\s,，]{0,3}(?=${HAN})`, 'g');
const TITLED = new RegExp(`(?:${words.TITLE}|${words.SHORT_TITLE})`, 'g');
const FAMILY = new RegExp(
  `姓(?!名|氏|什|啥)((?:${DOUBLE_SURNAMES})|${HAN})(?:名(${HAN}{1,2}))?`,
  'g',
);
const FAMILIAR = new RegExp(
  `(?:客服|专员|坐席|我是(?:${HAN}{2,4}的)?|我叫|叫我|顾问|经理|(?:你们|那)个?(?=[小老][王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾])|${HAN}{2}的(?=老))(?:您的)?([小老阿]${HAN})(?!${HAN}?(?:姐|哥)?[时区板人白])`,
  'g',
);
const NO_FAMILIAR = /^(?:小白|老师|小时|小路|小米|小车|小麦|老家|小包|小单|小平|小康|小店)/;
const EXPLAINED = new RegExp(`${EXPLAINED_SURNAMES}`, 'g');
const ANSWER_LEAD =
  /^(?:[\s,，。]|嗯|呃|啊|好的?|那个|就?是|我叫|我是|叫|免贵|我的?名字是?|户主是?|机主是?|收件人是?|联系人是?){0,10}/;
const EXPLAINED_LEAD = new RegExp(`^(?:${EXPLAINED_SURNAMES})[,，\\s]`);
const ANSWER_ENDS = /^(?:$|[\s,，。.!！?？、]|吧|啊|呀|的|先生|女士)/;
const ASKS_FAMILY = /贵姓|怎么称呼|如何称呼/;
/** A whole clause and no more, where 我叫 leaves no other reading: 我叫高兴. */
const CLAUSE_ENDS = /^(?:$|[,，。.!！?？])/;
const LATIN =
  /(?:my name is|英文名字?(?:叫|是)?|(?<![a-z])(?:i am|i'm|this is)(?= [A-Z]))\s*([A-Za-z]+(?: (?!and|from|my|i|calling|here)[A-Za-z]+){0,2})/gi;
const SERVES_YOU = /(?:很高兴)?为您(?:服务|解答)/g;
const JOINED = new RegExp(`^(?:和|跟|与|、)(?=${HAN})`);

type Add = (start: number, length: number, confidence: number, how: string) => void;

/** Names by what introduces them, by the title after them, and as answers to who is speaking. */
export function findNames(text: string, turn: number, asked: boolean, question = ''): Match[] {
  const matches: Match[] = [];
  const add: Add = (start, length, confidence, how) => {
    if (length <= 0 || text.slice(start, start + length).includes(OPAQUE)) return;
    const end = start + length + explanationLength(text, start, length);
    matches.push(matchAt('name', { turn, start, end }, confidence, `name:${how}`));
  };
  addIntroduced(text, add);
  addTitled(text, add);
  addAddressed(text, add);
  for (const found of text.matchAll(FAMILY)) {
    const family = found[1] ?? '';
    if (family.length === 1 && !SURNAMES.has(family)) continue;
    add(found.index + 1, found[0].length - 1, 0.8, 'family-name');
  }
  for (const found of text.matchAll(FAMILIAR)) {
    const name = found[1] ?? '';
    if (!SURNAMES.has(name[1] ?? '') || NO_FAMILIAR.test(name)) continue;
    add(found.index + found[0].lastIndexOf(name), name.length, 0.7, 'familiar');
  }
  for (const found of text.matchAll(EXPLAINED)) add(found.index, found[0].length, 0.8, 'explained');
  for (const found of text.matchAll(LATIN)) {
    const name = found[1] ?? '';
    add(found.index + found[0].length - name.length, name.length, 0.8, 'latin');
  }
  if (asked) addAnswer(text, question, add);
  return matches;
}

function addIntroduced(text: string, add: Add): void {
  for (const found of text.matchAll(STRONG)) {
    const at = found.index + found[0].length;
    const length = nameLength(text, at, true);
    const isClause = CLAUSE_ENDS.test(text.slice(at + length)) && /叫|名/.test(found[0]);
    if (isOtherStart(text, at) && !isClause) continue;
    add(at, length, 0.9, 'introduced');
    if (length > 0) addJoined(text, at + length, add);
  }
  for (const found of text.matchAll(WEAK)) {
    const at = found.index + found[0].length;
    const length = perhapsLength(text, at);
    add(at, length, 0.75, 'self-introduction');
    if (length > 0) addJoined(text, at + length, add);
  }
}

function isOtherStart(text: string, at: number): boolean {
  return words.NO_NAMES.test(text.slice(at, at + 4));
}

/** 李雷和韩梅梅: a name that another one is joined to. */
function addJoined(text: string, at: number, add: Add): void {
  const joint = JOINED.exec(text.slice(at, at + 2))?.[0].length ?? 0;
  if (joint > 0) add(at + joint, perhapsLength(text, at + joint), 0.7, 'joined');
}

/** The length of what looks like a name and ends like one. */
function perhapsLength(text: string, at: number): number {
  const length = nameLength(text, at, false);
  if (length === 0 || isOtherWord(text, at, 0)) return 0;
  return words.NAME_ENDS.test(text.slice(at + length)) ? length : 0;
}

/** A name that is spoken to, or stands where only a name does. */
function addAddressed(text: string, add: Add): void {
  const head = nameLength(text, 0, false);
  if (head >= 2 && /^[您你]好/.test(text.slice(head)) && !isOtherWord(text, 0)) {
    add(0, head, 0.7, 'greeted');
  }
  if (head >= 2 && words.IS_KIN.test(text.slice(head)) && !isOtherWord(text, 0)) {
    add(0, head, 0.7, 'relation');
  }
  for (const found of text.matchAll(words.CHILD_OF)) add(found.index, 2, 0.7, 'child');
  for (const found of text.matchAll(SERVES_YOU)) {
    for (const length of [3, 2]) {
      const start = found.index - length;
      if (start < 0 || nameLength(text, start, false) !== length) continue;
      if (isOtherWord(text, start) || isPartOfWord(text, start)) continue;
      add(start, length, 0.7, 'serves');
      break;
    }
  }
}

/** The answer to who somebody is: a name and no more, or the family name alone where it was asked. */
function addAnswer(text: string, question: string, add: Add): void {
  const lead = ANSWER_LEAD.exec(text)?.[0].length ?? 0;
  const at = lead + (EXPLAINED_LEAD.exec(text.slice(lead, lead + 8))?.[0].length ?? 0);
  const length = nameLength(text, at, true);
  const rest = text.slice(at + length);
  if (length > 0 && ANSWER_ENDS.test(rest)) {
    const isExplained = new RegExp(`^[,，]?我?姓${text[at]}`).test(rest);
    if (isExplained || !isOtherStart(text, at)) add(at, length, 0.85, 'asked');
    return;
  }
  const family = familyLength(text, at);
  if (family > 0 && ASKS_FAMILY.test(question) && ANSWER_ENDS.test(text.slice(at + family))) {
    add(at, family, 0.8, 'family-name');
  }
}

function addTitled(text: string, add: Add): void {
  for (const found of text.matchAll(TITLED)) {
    for (const length of found[0].length === 1 ? [2, 1] : [4, 3, 2, 1]) {
      const start = found.index - length;
      if (start < 0) continue;
      const body = text.slice(start, found.index);
      if (!/^[\u4e00-\u9fff]+$/.test(body)) continue;
      const family = familyLength(text, start);
      if (family === 0 || (length === 4 && family !== 2)) continue;
      if (found[0].length === 1 && length !== family) continue;
      if ([...body.slice(1)].some((char) => words.AFTER_NAME.has(char) && char !== '小')) continue;
      if (isOtherWord(text, start)) continue;
      if (length === 1 && isOtherWord(text, Math.max(0, start - 1)) && isPartOfWord(text, start))
        continue;
      add(start, length, 0.85, 'title');
      break;
    }
  }
}

/** True when the words ask for a person's name. */
export function asksForName(text: string): boolean {
  return words.ASKS.test(text);
}
