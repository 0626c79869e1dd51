import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';

const N = '[0-9零〇一二两三四五六七八九十]';
const YEAR = `${N}{2,4}年\\s?`;
const DAY = `${N}{1,3}月(?:份)?\\s?(?:初?${N}{1,3}[日号]?)`;
const DATE = `(?:农历|阴历|阳历|公历)?(?:(?:${YEAR})?${DAY}|${YEAR}${N}{1,3}月份?|(?:19|20)\\d{2}[-/.]\\d{1,2}[-/.]\\d{1,2}|[正腊冬]月(?:初?${N}{1,3}))`;
const NAMED = new RegExp(
  `(?:生日|出生(?:日期|年月日?|时间)|生于|诞辰)(?:[\\s,，:：]|就?是|为|在|我的?|嗯|呃|应该|登记的?){0,6}(${DATE})`,
  'g',
);
const BORN = new RegExp(
  `(${DATE})(?:[\\s,，]|的|那天|这天){0,2}(?:出?生(?:的|人|日)|的?生日)`,
  'g',
);
const ANSWER = new RegExp(`^(?:[\\s,，。]|嗯|呃|好的?|对|是|我是?|那个){0,6}(${DATE})`);

/** The day somebody was born on, by its name or as an answer; a year alone is none. */
export function findBirthDates(text: string, turn: number, asked: boolean): Match[] {
  const matches: Match[] = [];
  const add = (found: RegExpExecArray, how: string): void => {
    const date = found[1] ?? '';
    const start = found.index + found[0].indexOf(date);
    const piece = { turn, start, end: start + date.length };
    matches.push(matchAt('birth_date', piece, 0.85, `birth_date:${how}`));
  };
  for (const found of text.matchAll(NAMED)) add(found, 'named');
  for (const found of text.matchAll(BORN)) add(found, 'born');
  const answer = asked ? ANSWER.exec(text) : null;
  if (answer) add(answer, 'asked');
  return matches;
}

/** True when the words ask when somebody was born. */
export function asksForBirthDate(text: string): boolean {
  return /(?:生日|出生(?:日期|年月|时间)|(?:哪年|哪天|什么时候|几号|几月)出?生)[^。]{0,14}$/.test(
    text,
  );
}
