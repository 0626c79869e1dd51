import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import type { Match } from './scanned-turn.ts';
import { matchAt, OPAQUE } from './scanned-turn.ts';
import { DOUBLE_SURNAMES, EXPLAINED_SURNAMES, SURNAMES } from './surnames.ts';

const HAN = '[\\u4e00-\\u9fff]';
const TITLE =
  '先生|女士|小姐|太太|老师|经理|主任|师傅|医生|大夫|律师|总监|阿姨|叔叔|大姐|大哥|大爷|大妈|老板|专员|同志|警官';
/** Words that are followed by a name and by little else. */
const NAMES_A_PERSON =
  '我叫做?|我名叫|名字(?:就)?(?:叫做?|是)|姓名(?:写的)?(?:是|叫|为|[:：\\s]){0,4}|真名(?:是|叫)|全名(?:是|叫)|名叫|(?:户主|机主|收件人|收货人|联系人|持卡人|开户人|户名|经办人|申请人|投保人|被保险人|当事人|车主)(?:姓名|名字)?(?:写的|填的|登记的)?(?:是|叫|为|[:：\\s]){1,4}|(?:我|他|她)(?:爱人|老公|老婆|妻子|丈夫|妈妈?|母亲|爸爸?|父亲|儿子|女儿|孩子|哥哥?|姐姐?|弟弟?|妹妹?|同事|朋友)(?:的?名字)?(?:叫做?|是叫)|本人(?:是|叫)?';
const NAMES_PERHAPS = '我是|我就是|他是|她是|这是|叫做?|患者|客户|找一下|联系';
const STRONG = new RegExp(`(?:${NAMES_A_PERSON})[\\s,，]{0,3}(?=${HAN})`, 'g');
const WEAK = new RegExp(`(?:${NAMES_PERHAPS})[\\s,，]{0,3}(?=${HAN})`, 'g');
const TITLED = new RegExp(`(?:${TITLE})`, 'g');
const FAMILY = new RegExp(
  `姓(?!名|氏|什|啥)((?:${DOUBLE_SURNAMES})|${HAN})(?:名(${HAN}{1,2}))?`,
  'g',
);
const FAMILIAR =
  /(?:客服|专员|坐席|我是|我叫|叫我|顾问|经理)(?:您的)?([小老阿][\u4e00-\u9fff])(?![\u4e00-\u9fff]?(?:姐|哥)?[时区板人白])/g;
const EXPLAINED = new RegExp(`${EXPLAINED_SURNAMES}`, 'g');
const ASKS =
  /(?:名字|姓名|贵姓|怎么称呼|如何称呼|叫什么|您是哪位|您是谁|户主|机主|收件人|收货人|联系人|持卡人)[^。]{0,14}$/;
const ANSWER = new RegExp(
  `^(?:[\\s,，。]|嗯|呃|啊|好的?|那个|就?是|我叫|我是|叫|我的?名字是?|户主是?|机主是?|收件人是?|联系人是?){0,10}(${HAN}{2,4}?)(?=[\\s,，。.!！?？、]|$|吧|啊|呀|的|先生|女士)`,
);
/** Characters that begin what follows a name. */
const AFTER_NAME = new Set(
  '的是了吗呢吧啊呀嘛哈我您你他她它们这那电身手卡号先女小经老主师在要想有从也都就说跟和打请问没不把被给让帮来去吃',
);
const NO_NAMES =
  /^(?:高兴|高血|方便|和您|于是|于今|成功|全部|全家|全国|应该|单位|单独|安排|安装|安全|常用|明天|明白|解决|解释|解约|和我|尚未|易购|时候|温馨|连接|连续|麻烦|管理|关于|关机|关闭|路上|路过|华为|黄金|金卡|白金|金牌|万科|平安|成都|江苏|江西|金额|单子|和平|车主|房主|房东|应届|米粉|党员|师傅|官方|司机|文员|曾经|任何|康复|武汉|安徽|南京|广东|云南|海南|马上|包裹|毛病|牛奶|江南|雷达|龙头|史上|向您|施工|申请|左右|左边|包括|尤其|古代|全名|全款|明确|封控|迟到|原因|原来|储户|商家|商户|边上|班长|官网|项目|费用|简单|连不|解除|游客|游戏|管家|华东|华南|华北|安卓|苹果|蓝牙|蓝色|白色|黄色|宁波|温州|广州|郑州|徐州|苏州|沈阳|贵阳|洛阳|南方|东方)/;

let dictionary: Jieba | undefined;

/** True when the words say that this is not a name: part of a word of another kind. */
function isOtherWord(text: string, at: number): boolean {
  if (NO_NAMES.test(text.slice(at))) return true;
  dictionary ??= Jieba.withDict(dict);
  const from = Math.max(0, at - 3);
  let place = from;
  for (const { word, tag } of dictionary.tag(text.slice(from, at + 5), true)) {
    const end = place + word.length;
    if (at >= place && at < end) {
      return word.length >= 2 && !/^(?:nr|x|nz|ns|l)/.test(tag);
    }
    place = end;
  }
  return false;
}

/** The length of the name that begins here, or 0. */
function nameLength(text: string, at: number): number {
  const double = new RegExp(`^(?:${DOUBLE_SURNAMES})`).test(text.slice(at, at + 2));
  if (!double && !SURNAMES.has(text[at] ?? '')) return 0;
  const family = double ? 2 : 1;
  let length = family;
  while (length < family + 2 && new RegExp(HAN).test(text[at + length] ?? '')) {
    if (
      AFTER_NAME.has(text[at + length] ?? '') &&
      !(length === family && text[at + length] === '小')
    )
      break;
    length++;
  }
  return length > family ? length : 0;
}

/** Names by what introduces them, by the title after them, and as answers to who is speaking. */
export function findNames(text: string, turn: number, asked: boolean): Match[] {
  const matches: Match[] = [];
  const add = (start: number, length: number, confidence: number, how: string): void => {
    if (length <= 0 || text.slice(start, start + length).includes(OPAQUE)) return;
    const end = start + length + explanationLength(text, start, length);
    matches.push(matchAt('name', { turn, start, end }, confidence, `name:${how}`));
  };
  for (const found of text.matchAll(STRONG)) {
    const at = found.index + found[0].length;
    const length = nameLength(text, at);
    if (!NO_NAMES.test(text.slice(at))) add(at, length, 0.9, 'introduced');
  }
  for (const found of text.matchAll(WEAK)) {
    const at = found.index + found[0].length;
    const length = nameLength(text, at);
    const rest = text.slice(at + length);
    const ends = new RegExp(
      `^(?:$|[\\s,，。.!！?？、;；]|[吧啊呀]|${TITLE}|的?(?:身份|手机|电话|家属))`,
    ).test(rest);
    if (length > 0 && ends && !isOtherWord(text, at)) add(at, length, 0.75, 'self-introduction');
  }
  addTitled(text, add);
  for (const found of text.matchAll(FAMILY)) {
    const family = found[1] ?? '';
    if (family.length === 1 && !SURNAMES.has(family)) continue;
    add(found.index + 1, found[0].length - 1, 0.8, 'family-name');
  }
  for (const found of text.matchAll(FAMILIAR)) {
    const name = found[1] ?? '';
    if (!SURNAMES.has(name[1] ?? '') || /^(?:小白|老师|小时|小路|小米|小车|小麦|老家)/.test(name))
      continue;
    add(found.index + found[0].lastIndexOf(name), name.length, 0.7, 'familiar');
  }
  for (const found of text.matchAll(EXPLAINED)) add(found.index, found[0].length, 0.8, 'explained');
  const answer = asked ? ANSWER.exec(text) : null;
  if (answer?.[1]) {
    const at = answer[0].length - answer[1].length;
    const length = nameLength(text, at);
    if (length >= answer[1].length && !NO_NAMES.test(text.slice(at))) {
      add(at, answer[1].length, 0.85, 'asked');
    }
  }
  return matches;
}

type Add = (start: number, length: number, confidence: number, how: string) => void;

function addTitled(text: string, add: Add): void {
  for (const found of text.matchAll(TITLED)) {
    for (const length of [4, 3, 2, 1]) {
      const start = found.index - length;
      if (start < 0) continue;
      const body = text.slice(start, found.index);
      if (!new RegExp(`^${HAN}+$`).test(body)) continue;
      const isDouble = new RegExp(`^(?:${DOUBLE_SURNAMES})`).test(body);
      if (length === 4 && !isDouble) continue;
      if (!isDouble && !SURNAMES.has(body[0] ?? '')) continue;
      if ([...body.slice(1)].some((char) => AFTER_NAME.has(char) && char !== '小')) continue;
      if (isOtherWord(text, start)) continue;
      if (length === 1 && isOtherWord(text, Math.max(0, start - 1)) && isPartOfWord(text, start))
        continue;
      add(start, length, 0.85, 'title');
      break;
    }
  }
}

/** True when the character belongs to a word that began before it, as 方 in 对方. */
function isPartOfWord(text: string, at: number): boolean {
  if (at === 0) return false;
  dictionary ??= Jieba.withDict(dict);
  const from = Math.max(0, at - 3);
  let place = from;
  for (const { word } of dictionary.tag(text.slice(from, at + 3), true)) {
    if (at > place && at < place + word.length) return true;
    place += word.length;
  }
  return false;
}

/** 王小明，大小的小，明天的明: the explanation tells the name again. */
function explanationLength(text: string, start: number, length: number): number {
  const name = text.slice(start, start + length);
  const step = /^[\s,，。、]*(?:[\u4e00-\u9fff]是)?[\u4e00-\u9fff]{1,4}的([\u4e00-\u9fff])/;
  let total = 0;
  for (;;) {
    const found = step.exec(text.slice(start + length + total));
    if (!found || !name.includes(found[1] ?? OPAQUE)) return total;
    total += found[0].length;
  }
}

/** True when the words ask for a person's name. */
export function asksForName(text: string): boolean {
  return ASKS.test(text);
}
