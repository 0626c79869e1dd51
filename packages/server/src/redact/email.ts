import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { SAID_NUMERAL } from './spoken-characters.ts';

const WRITTEN =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+-]{1,64}(?:\.[A-Za-z0-9_%+-]{1,64}){0,8}\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/g;
const AT = '(?:@|艾特|爱特|at(?![a-z])|AT(?![A-Z])|小老鼠|圈a|圈A|花a|花A)';
const DOT = '(?:\\.|点|dot)';
const SPACE = '[\\s,，、]{0,3}';
const PART = `(?:[A-Za-z0-9_+-]|${SAID_NUMERAL}|下划线|横杠|中划线|减号|(?:大写|小写)的?|杠)`;
const HAN_NAME = `(?:(?![是为箱的叫到发用我])[\\u4e00-\\u9fff]){2,3}(?=${SPACE}${AT})`;
const LOCAL = `(?:[\\u4e00-\\u9fff]{2,4}?的?(?:全拼|拼音|首字母|名字全拼)|${HAN_NAME})?(?:${PART}(?:${SPACE}(?:${DOT}${SPACE})?${PART}){0,63})?`;
const DOMAIN_WORD = `(?:${PART}|腾讯|网易|新浪|谷歌|搜狐)`;
const ENDING =
  '(?:com|cn|net|org|edu|gov|vip|me|io|c\\s?o\\s?m|c\\s?n|康姆|抗姆|康母|卡姆|西恩|com点cn)';
const SAID = new RegExp(
  `${LOCAL}${SPACE}${AT}${SPACE}${DOMAIN_WORD}(?:${SPACE}${DOMAIN_WORD}){0,40}(?:${SPACE}${DOT}${SPACE}(?:${ENDING}|${DOMAIN_WORD}(?:${SPACE}${DOMAIN_WORD}){0,40})){0,4}`,
  'gi',
);
const NAMED = new RegExp(
  `(?:邮箱|电子邮件|e-?mail)(?:地址|账号|号)?(?:是|为|:|：|,|，|\\s|就|的){0,6}(${PART}(?:${SPACE}(?:${DOT}${SPACE})?${PART}){3,63})`,
  'gi',
);

/** Addresses of electronic mail, written or said with 艾特 and 点. */
export function findEmails(text: string, turn: number): Match[] {
  const matches = [...text.matchAll(WRITTEN)].map((found) =>
    emailAt(turn, found.index, found[0], 0.98, 'email:written'),
  );
  if (/@|艾特|爱特|\bat\b|小老鼠|[圈花]a/i.test(text)) {
    for (const found of text.matchAll(SAID)) {
      const lead = /^[\s,，、]*/.exec(found[0])?.[0].length ?? 0;
      const said = found[0].slice(lead);
      if (!/[a-z\d点零〇幺一二两三四五六七八九]/i.test(said.replace(/^at/i, ''))) continue;
      matches.push(emailAt(turn, found.index + lead, said, 0.9, 'email:spoken'));
    }
  }
  for (const found of text.matchAll(NAMED)) {
    const local = found[1] ?? '';
    const start = found.index + found[0].length - local.length;
    matches.push(emailAt(turn, start, local, 0.7, 'email:context'));
  }
  return matches;
}

function emailAt(
  turn: number,
  start: number,
  said: string,
  confidence: number,
  evidence: string,
): Match {
  return matchAt('email', { turn, start, end: start + said.length }, confidence, evidence);
}
