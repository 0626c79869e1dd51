import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { findSecrets, secretPattern } from './secret-words.ts';

const NAMED = secretPattern(
  '(?<!动态|短信|一次性)密码|(?<!动态)口令|安全码|(?:PIN|pin)码?|[Pp]assword|[Pp]asscode',
);
/** Words that are a secret: 口令芝麻开门, 密保答案是杭州一中. */
const WORDS =
  /(?:(?<!动态|动态的)口令|(?:密保|安全问题|安全提示)的?(?:问题的?)?答案)(?:[\s,，:：]|就?是|为|叫){0,4}(?![不没错忘输有多什是])([\u4e00-\u9fff]{2,8})(?=$|[\s,，。.!！])/g;

/** Passwords of letters, digits, signs and words, behind the word that names them. */
export function findPasswords(text: string, turn: number): Match[] {
  if (!/密码|口令|安全|密保|pin|pass/i.test(text)) return [];
  const words = [...text.matchAll(WORDS)].map((found) => {
    const end = found.index + found[0].length;
    const start = end - (found[1] ?? '').length;
    return matchAt('password', { turn, start, end }, 0.7, 'password:words');
  });
  return [...findSecrets(NAMED, 'password', text, turn), ...words];
}
