import type { FindingType } from '../record/vocabulary.ts';
import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { SAID_NUMERAL } from './spoken-characters.ts';

const GAP =
  '(?:[\\s,，:："“”\'‘’=]|的|是|为|叫|我|您|就|嗯|呃|那个|应该|设置|设成|设的|改成|改为|初始|原来|之前|都|收到|看到|显示|有|在|填|输入|is|[Ii]t|第?[一二两三四五六七八九十\\d]位数?字?(?=[\\s,，是])){0,12}';
const PART = `(?:[A-Za-z0-9!@#$%^&*_+.~?-]|${SAID_NUMERAL}|大写|小写|下划线|井号|感叹号|星号)`;

/** The pattern of a secret of letters and digits behind one of the words that name it. */
export function secretPattern(names: string): RegExp {
  return new RegExp(`(?:${names})${GAP}(${PART}(?:[\\s,，]{0,3}${PART}){0,63})`, 'g');
}

/** Secrets that follow their name and hold a digit, or letters in a row. */
export function findSecrets(
  pattern: RegExp,
  type: Extract<FindingType, 'password' | 'verification_code' | 'account'>,
  text: string,
  turn: number,
): Match[] {
  const matches: Match[] = [];
  for (const found of text.matchAll(pattern)) {
    const secret = (found[1] ?? '').replace(/[\s,，.?!~-]+$/, '');
    const dense = secret.replace(/[\s,，]/g, '');
    if (dense.length < 3 || !/[\dA-Za-z零〇幺一二三四五六七八九]{2}/.test(dense)) continue;
    // A short word of letters alone is the name of a thing (App, ATM), not a secret.
    if (/^[A-Za-z]+$/.test(dense) && dense.length < 6) continue;
    const start = found.index + found[0].length - (found[1] ?? '').length;
    const piece = { turn, start, end: start + secret.length };
    matches.push(matchAt(type, piece, 0.85, `${type}:named`));
  }
  return matches;
}
