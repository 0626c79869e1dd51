import { isMadeOf } from './made-of.ts';
import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { SAID_DIGIT, SAID_LETTER, SAID_PAUSE } from './spoken-characters.ts';

const PROVINCE = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]';
const PLACES = [
  '北京',
  '天津',
  '河北',
  '山西',
  '辽宁',
  '吉林',
  '上海',
  '江苏',
  '浙江',
  '安徽',
  '福建',
  '江西',
  '山东',
  '河南',
  '湖北',
  '湖南',
  '广东',
  '广西',
  '海南',
  '重庆',
  '四川',
  '贵州',
  '云南',
  '西藏',
  '陕西',
  '甘肃',
  '青海',
  '宁夏',
  '新疆',
  '内蒙古',
  '黑龙江',
].join('|');
/** 浙江的浙. */
const SAID_PROVINCE = `(?:(?:${PLACES})省?(?:的|那个))?${PROVINCE}`;
const CHARACTER = `(?:${SAID_DIGIT}|${SAID_LETTER})`;
/** GA 36: province, issuing authority, five characters, or six for new-energy vehicles. */
const PLATE = new RegExp(
  `${SAID_PROVINCE}${SAID_PAUSE}(?:${SAID_LETTER}|[阿诶](?=${SAID_DIGIT}))(?:${SAID_PAUSE}${CHARACTER}){4,6}(?:${SAID_PAUSE}[学警港澳挂使领])?`,
  'g',
);
const BARE = new RegExp(`(?<![A-Za-z])${CHARACTER}(?:${SAID_PAUSE}${CHARACTER}){2,7}`, 'g');
const NAMED = /车牌(?:号码?)?|车号/;
const GAP =
  /我的|那个|应该|尾号|这个|后[三四五]位|[\s,，:：]|[的是为嗯呃我您]|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]/y;

/** Licence plates, written or said character by character; parts of one where the talk names it. */
export function findPlates(text: string, turn: number, asked: boolean): Match[] {
  const matches = [...text.matchAll(PLATE)]
    .filter((found) => /[\d零〇洞幺一二两三四五六七八九拐勾]/.test(found[0].slice(2)))
    .map((found) => plateAt(found.index, found[0], turn, 0.9, 'plate:form'));
  const named = NAMED.exec(text);
  if (!named && !asked) return matches;
  const from = named ? named.index + named[0].length : 0;
  for (const found of text.slice(from).matchAll(BARE)) {
    const gap = text.slice(from, from + found.index);
    if (gap.length > 24 || !isMadeOf(GAP, gap)) break;
    if (!/[\d零〇洞幺一二两三四五六七八九]/.test(found[0])) continue;
    const province = /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s*$/.exec(
      gap,
    );
    const start = from + (province ? province.index : found.index);
    const end = from + found.index + found[0].length;
    matches.push(plateAt(start, text.slice(start, end), turn, 0.75, 'plate:context'));
    break;
  }
  return matches;
}

/** True when the words ask for a plate. */
export function asksForPlate(text: string): boolean {
  return /(?:车牌(?:号码?)?|车号)[^,，。?？]{0,14}[。?？]?$/.test(text);
}

function plateAt(
  start: number,
  said: string,
  turn: number,
  confidence: number,
  evidence: string,
): Match {
  return matchAt('plate', { turn, start, end: start + said.length }, confidence, evidence);
}
