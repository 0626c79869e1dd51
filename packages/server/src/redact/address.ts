import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';

/** A character of a place name. Words that introduce a place are none. */
const P =
  '(?:和平|[\\u4e00-\\u9fff](?<![我你您他她它们的在住到是去从给寄送这那有说请问址了吗呢啊吧呀嗯哦个也都要想把被对让能会没不离往发搬跟和就叫家位于为条号元]))';
const NUMERAL = '[0-9零〇一二两三四五六七八九十百千幺]{1,8}';
const NAME = `(?:${NUMERAL}(?:-${NUMERAL})*|[A-Za-z]${'(?:' + NUMERAL + ')?'})`;
const GAP = '[,，、\\s]*';
const ADMIN = `(?:${P}{1,7}?(?:省|自治区|自治州|市|区|县|旗|镇|乡|街道|村|社区|屯)${GAP})`;
const NOT_A_ROAD = '(?<![线电道思网套铁回退出走迷上半问顺短断两])';
const ROAD = `${P}{1,7}?(?:大道|大街|${NOT_A_ROAD}路|街|巷|胡同|弄)(?:[东南西北中](?!门)[路段街]?|[一二三四]段)?`;
const COMMUNITY = `${P}{1,8}?(?:小区|花园|花苑|家园|公寓|新村|大厦|广场|公馆|山庄|社区|大院|名苑|豪庭|雅苑|佳苑|嘉园|名邸|国际|中心|[苑园庭府湾郡城村])`;
const STEP = '(?:号院|号楼|号|栋|幢|座|单元|层|楼|室|房|户|门|弄|组|队|院)';
const UNIT = `${GAP}(?:第)?${NAME}\\s*${STEP}(?!线|码|称|角)`;
const STRONG_UNIT = `${GAP}${NAME}\\s*(?:号楼|栋|幢|座|单元)`;
const ROOM = `(?:${GAP}[0-9零〇幺一二三四五六七八九]{3,4}(?![0-9零〇幺一二三四五六七八九元块个万]))`;
const END = `(?:${UNIT})*${ROOM}?`;

/** What is an address by itself: a road or an estate with its numbers, or two levels of numbers. */
const BY_FORM = new RegExp(
  [
    `${ADMIN}*${ROAD}${GAP}(?:${COMMUNITY})?(?:${UNIT})+${ROOM}?(?:${GAP}${COMMUNITY}${END})?`,
    `${ADMIN}*(?:${ROAD}${GAP})?${COMMUNITY}(?:${UNIT}|${STRONG_UNIT})+${ROOM}?`,
    `${STRONG_UNIT}(?:(?:${UNIT})+${ROOM}?|${ROOM})`,
    `${ADMIN}{2,}(?:${ROAD}|${COMMUNITY})${END}`,
    `${ADMIN}{3,}${END}`,
  ].join('|'),
  'g',
);
/** What is an address once the talk has named it one. */
const NAMED =
  '(?:(?:地址|住址|住所|户籍(?:地|所在地)?|所在地)(?:就|应该)?(?:是|在|为|填|写|:|：|,|，|\\s)+|(?:家住|住在|寄到|送到|寄往|送往|搬到|快递到|上门到|现住|家在)[:：,，\\s]*)(?:我家|我们家|我|嗯|呃|那个|[,，\\s])*';
const PLACE = `(?:${ADMIN}|${ROAD}${GAP}|${COMMUNITY}${GAP})+${END}`;
const AFTER_NAME = new RegExp(`(?:${NAMED})(${PLACE})`, 'g');
const ANSWER = new RegExp(
  `^(?:[\\s,，]|嗯|呃|好的?|那个|是|在|我家?|我住|住|就|您记一下|你记一下)*(${PLACE}|${UNIT}(?:${UNIT})*${ROOM}?)`,
);
const HINT = /[省市区县镇乡村路街巷弄栋幢座楼室苑园庭府湾郡城厦场寓馆庄院道]|胡同|单元|小区/;

/** Addresses of people, down to the house; a city or a district alone is none. */
export function findAddresses(text: string, turn: number, asked: boolean): Match[] {
  if (!HINT.test(text)) return [];
  const matches: Match[] = [];
  for (const found of text.matchAll(BY_FORM)) {
    matches.push(addressAt(turn, found.index, found[0], 0.85, 'address:form'));
  }
  for (const found of text.matchAll(AFTER_NAME)) {
    const place = found[1] ?? '';
    if (!isOnlyLarge(place)) {
      const start = found.index + found[0].length - place.length;
      matches.push(addressAt(turn, start, place, 0.8, 'address:named'));
    }
  }
  const answer = asked ? ANSWER.exec(text) : null;
  if (answer) {
    const place = answer[1] ?? '';
    matches.push(addressAt(turn, answer[0].length - place.length, place, 0.8, 'address:asked'));
  }
  return matches;
}

/** True when the words ask where somebody lives or where something goes. */
export function asksForAddress(text: string): boolean {
  return /(?:地址|住址|住在哪|住哪|门牌|哪个小区|家在哪|寄到哪|送到哪|什么位置)[^。]{0,14}$/.test(
    text,
  );
}

/** A city or district says no more than a dialling code does. */
function isOnlyLarge(place: string): boolean {
  return new RegExp(`^${P}{1,7}?(?:省|自治区|市|区|县)${GAP}$`).test(place);
}

function addressAt(
  turn: number,
  at: number,
  said: string,
  confidence: number,
  evidence: string,
): Match {
  const lead = /^[,，、\s]*/.exec(said)?.[0].length ?? 0;
  const tail = /[,，、\s]*$/.exec(said)?.[0].length ?? 0;
  const piece = { turn, start: at + lead, end: at + said.length - tail };
  return matchAt('address', piece, confidence, evidence);
}
