import type { FindingType } from '../record/vocabulary.ts';
import { isMadeOf } from './made-of.ts';
import type { ScannedTurn } from './scanned-turn.ts';
import { OPAQUE } from './scanned-turn.ts';
import type { DigitRun } from './spoken-digits.ts';
import { isBackchannel } from './spoken-digits.ts';

/** What the talk around a number says it is. `public` is a number that belongs to nobody. */
export type NumberKind =
  | Extract<
      FindingType,
      | 'id_card'
      | 'bank_card'
      | 'phone'
      | 'landline'
      | 'passport'
      | 'plate'
      | 'password'
      | 'verification_code'
    >
  | 'tail'
  | 'public';

/** `tight`: named directly; `asked`: the answer to a question; `loose`: spoken of nearby. */
export interface NumberContext {
  kind: Exclude<NumberKind, 'tail'>;
  strength: 'tight' | 'asked' | 'loose';
  tail: boolean;
}

interface Mention {
  kind: NumberKind;
  start: number;
  end: number;
}

// Order matters where two kinds begin at the same character.
const MENTIONS: readonly (readonly [NumberKind, string])[] = [
  [
    'public',
    '(?:订单|工单|快递|运单|物流|包裹|流水|合同|发票|保单|受理|登记|业务|案件|案|投诉|报修|维修|批次|产品|商品|设备|机器|货|票|车次|房间?|座位|排队|预约|病历|挂号|学|员工|坐席|客服|档案|备案|许可证?|申请|服务|查询|交易|凭证|回执|提货|取货|邮政|错误|故障|机身|出厂)(?:编号|编码|代码|单号|号码|单|号(?!机))(?:的?(?:编号|单号|号码|号))?',
  ],
  [
    'public',
    '订单|工单|单号|编号|序列号|流水|工号|邮编|型号|版本号?|货号|条码|条形码|批号|股票代码|代码|错误码|取件码|取货码|兑换码|优惠码|邀请码|积分|余额|金额|价格|总价|报价|数量|航班|房号|楼层|窗口|话费|电话费|电费|水费|费用|保额|保费|工本费|利率|分机号',
  ],
  [
    'public',
    '(?:客服|服务|咨询|投诉|官方|公司|我们|我司|银行|举报|监督|报警|急救|全国|统一|人工|售后|热线|政务)的?(?:统一)?(?:客服|服务|咨询|投诉|官方|售后)?的?(?:热线|电话|号码|专线)(?:号码|电话)?|热线(?:电话|号码)?|短号',
  ],
  [
    'verification_code',
    '验证码|校验码|动态码|动态密码|动态口令|短信码|短信密码|随机码|确认码|一次性密码|授权码',
  ],
  ['password', '密码|口令|密保|(?:PIN|pin)码?|安全码|(?:CVV|cvv|CVC|cvc)[2２]?码?'],
  [
    'bank_card',
    '(?<!手机|电话|流量|SIM|sim|会员|积分|优惠|饭|公交|交通)(?:银行|储蓄|信用|借记|工资|社保|存折|付款|还款|收款|绑定的?)?卡的?(?:号码|号)|银行卡|储蓄卡|信用卡|借记卡|工资卡|(?:银行|收款|对公|付款)[账帐](?:号|户)|存折|那张卡|这张卡|我的卡',
  ],
  [
    'id_card',
    '身份证(?:件)?的?(?:号码|号|卡号)?|身份的?(?:号码|号)|身份(?!核|验|认|是|信息)|证件的?(?:号码|号)|社保号码?|社会保障号码?|公民身份',
  ],
  ['landline', '座机|固定?电话|固话|传真|宅电|单位电话|家里的?电话|家庭电话|办公电话'],
  [
    'phone',
    '手机的?(?:号码|号)|手机(?!上|里|了|银行|客户端|APP|app|收|壳|卡|屏|坏)|电话的?(?:号码|号)|电话(?!费|里|卡|会议|线|机|打|没|不|那头|中|沟通|回访)|联系方式|联系号码|回电号码|来电号码|微信号?|[Qq]{2}号?|[账帐](?:号|户号?)|(?:Tel|TEL|tel|Phone|phone|Mobile|mobile)\\b',
  ],
  ['passport', '护照的?(?:号码|号)?|通行证的?(?:号码|号)?|台胞证|回乡证'],
  ['plate', '车牌的?(?:号码|号)?|车号'],
  [
    'tail',
    '尾号|末尾|[后末前](?:面)?的?(?:[三四五六3456]|几)位(?:数字?|号码)?|最后(?:面)?的?(?:[三四五六3456]|几)(?:位|个)(?:数字?|号码)?|前几位',
  ],
];
const MENTION = new RegExp(MENTIONS.map(([, source]) => `(${source})`).join('|'), 'g');

const GAP =
  /[\s,，。、;；:：!！?？\-—_…·"“”'‘’()（）=+#]|嗯|呃|额|啊|哦|噢|我|您|你|他|她|的|是|为|叫|就|也|都|应该|大概|好像|吗|呢|吧|呀|哈|了|那个|这个|一下|那|这|对|好|号码?|数字|给|报|说|记|再|然后|不对|不是|错|跟|和|或者|目前|现在|写|填|留|输|输入|有|在|两个?|请|登记|预留|尾号|后四位|[后末前]面|填写|显示|收到|看到|发|设置|改成|改为|初始|原来|之前|刚才/y;
const AFTER_GAP =
  /[\s,，。、:：]|嗯|啊|这个?|那个?|就?是|我的?|您的?|你的?|他的?|为|本人的?|常用的?|老公的?|爱人的?/y;
/** 尾号2641的手机, 尾号1237的储蓄卡: what the last digits are the last digits of. */
const TAIL_OF =
  /^(?:[\s是为：:]|[零〇洞幺一二两三四五六七八九\d]){3,10}(?:的那?(?:个|张)?|这个|这张)(?:(手机|电话|号码)|(?:银行|储蓄|信用)?卡)/;
const LONGEST_QUESTION_REST = 14;
const LONGEST_LOOSE_GAP = 24;
const LONGEST_BARE_HEAD = 60;
const TURNS_BACK = 10;
const TALK_BACK = 3;

/** The mentions of each turn are read once. */
export function findMentions(text: string): Mention[] {
  const mentions: Mention[] = [];
  for (const found of text.matchAll(MENTION)) {
    const group = found.slice(1).findIndex((part) => part !== undefined);
    const kind = MENTIONS[group]?.[0];
    if (kind) mentions.push({ kind, start: found.index, end: found.index + found[0].length });
  }
  return mentions;
}

/** Reads what a number is from the words before it, after it, and the question it answers. */
export function numberContexts(turns: readonly ScannedTurn[]) {
  const mentions = turns.map((turn) => findMentions(turn.text));
  const light = turns.map((turn) => isBackchannel(turn.text));
  return (run: DigitRun): NumberContext | undefined => {
    const first = run.digits[0];
    const last = run.digits.at(-1);
    if (!first || !last) return undefined;
    const own = ownContext(turns, mentions, first.turn, first.start);
    if (own?.strength === 'tight') return own;
    const after = contextAfter(turns, mentions, last.turn, last.end);
    if (after) return after;
    return own ?? askedContext(turns, mentions, light, first.turn, first.start);
  };
}

type Mentions = readonly (readonly Mention[])[];

function ownContext(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  start: number,
): NumberContext | undefined {
  const text = turns[turn]?.text ?? '';
  const before = (mentions[turn] ?? []).filter((mention) => mention.end <= start);
  const nearest = before.at(-1);
  if (!nearest || text.slice(nearest.end, start).includes(OPAQUE)) return undefined;
  // Digits between the mention and this number belong to the numbers of the same list.
  const between = text.slice(nearest.end, start).replace(/[零〇洞幺一二两三四五六七八九\d]/g, '');
  const tight = between.length <= LONGEST_LOOSE_GAP && isMadeOf(GAP, between);
  if (!tight && between.length > LONGEST_LOOSE_GAP) return undefined;
  const resolved = resolveTail(turns, mentions, turn, before.length - 1, tight);
  if (!resolved || (resolved.kind === 'public' && !tight)) return undefined;
  return { ...resolved, strength: tight ? 'tight' : 'loose' };
}

/** 尾号 and 后四位 take their kind from what was spoken of last. */
function resolveTail(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  at: number,
  tight: boolean,
): { kind: NumberContext['kind']; tail: boolean } | undefined {
  const mention = mentions[turn]?.[at];
  if (!mention) return undefined;
  if (mention.kind !== 'tail') return { kind: mention.kind, tail: false };
  if (!tight) return undefined;
  const rest = turns[turn]?.text.slice(mention.end) ?? '';
  const owner = TAIL_OF.exec(rest);
  if (owner) return { kind: owner[1] ? 'phone' : 'bank_card', tail: true };
  for (let back = turn; back >= 0 && back >= turn - TURNS_BACK; back--) {
    const here = mentions[back] ?? [];
    const candidates = back === turn ? here.slice(0, at) : here;
    const named = candidates.filter((one) => one.kind !== 'tail').at(-1);
    if (named && named.kind !== 'tail') return { kind: named.kind, tail: true };
  }
  return { kind: rest.includes('卡') ? 'bank_card' : 'phone', tail: true };
}

function contextAfter(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  turn: number,
  end: number,
): NumberContext | undefined {
  const text = turns[turn]?.text ?? '';
  const next = (mentions[turn] ?? []).find((mention) => mention.start >= end);
  if (!next || next.kind === 'tail') return undefined;
  const gap = text.slice(end, next.start);
  if (!/是|为|这|我的/.test(gap) || gap.length > LONGEST_LOOSE_GAP || !isMadeOf(AFTER_GAP, gap))
    return undefined;
  return { kind: next.kind, strength: 'tight', tail: false };
}

function askedContext(
  turns: readonly ScannedTurn[],
  mentions: Mentions,
  light: readonly boolean[],
  turn: number,
  start: number,
): NumberContext | undefined {
  const head = (turns[turn]?.text ?? '').slice(0, start);
  const bare =
    head.length <= LONGEST_BARE_HEAD &&
    isMadeOf(GAP, head.replace(/[零〇洞幺一二两三四五六七八九十百\d]/g, ''));
  let talked = bare ? 0 : 1;
  for (let back = turn - 1; back >= 0 && back >= turn - TURNS_BACK; back--) {
    const here = mentions[back] ?? [];
    const text = turns[back]?.text ?? '';
    if (here.length > 0) {
      const resolved = resolveTail(turns, mentions, back, here.length - 1, true);
      const rest = text.length - (here.at(-1)?.end ?? 0);
      if (!resolved) return undefined;
      const asked = talked === 0 && rest <= LONGEST_QUESTION_REST;
      if (resolved.kind === 'public' && !asked) return undefined;
      return { ...resolved, strength: asked ? 'asked' : 'loose' };
    }
    if (!light[back]) talked++;
    if (talked > TALK_BACK) return undefined;
  }
  return undefined;
}
