import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { findSecrets, secretPattern } from './secret-words.ts';

const SERVICES =
  '微信|[Qq]{2}|[扣抠]{2}|支付宝|淘宝|京东|抖音|快手|小红书|微博|钉钉|飞书|LINE|WhatsApp';
const NAMED = secretPattern(
  `(?:${SERVICES})(?!支付|转账|公众|小程序)(?:账?号|名字|昵称|[Ii][Dd])?|(?:登录|宽带|用户)?[账帐]号|用户名|昵称|(?:医保|社保)卡号?|户号|户头`,
);
/** A name of one's own making, with letters or figures behind it: 淘宝账号是小鱼儿2008. */
const WITH_WORDS =
  /(?:[账帐]号|用户名|昵称)(?:[:：\s]|就?是|叫){1,3}(?![我你您他她这那什哪不没])([\u4e00-\u9fff]{1,6}[A-Za-z0-9_]{2,20})/g;

/** A person's accounts of letters and figures; those of figures alone are numbers in context. */
export function findAccounts(text: string, turn: number): Match[] {
  const spelt = findSecrets(NAMED, 'account', text, turn).filter((match) =>
    match.pieces.some(({ start, end }) => isSpelt(text.slice(start, end), text.slice(end))),
  );
  const words = [...text.matchAll(WITH_WORDS)].map((found) => {
    const end = found.index + found[0].length;
    const start = end - (found[1] ?? '').length;
    return matchAt('account', { turn, start, end }, 0.75, 'account:words');
  });
  return [...spelt, ...words];
}

/** Letters are in it, and it is not the name of a program. */
function isSpelt(said: string, rest: string): boolean {
  return /[A-Za-z]/.test(said) && !/^(?:版|客户端|软件|系统|手机)/.test(rest);
}
