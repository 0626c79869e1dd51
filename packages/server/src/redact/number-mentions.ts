import type { FindingType } from '../record/vocabulary.ts';

/**
 * What the talk around a number says it is. `public` is a number that
 * belongs to nobody, `tail` a part of another and `digits` a number without a name.
 */
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
      | 'account'
      | 'birth_date'
    >
  | 'tail'
  | 'digits'
  | 'public';

export interface Mention {
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
    '订单|工单|单号|编号|序列号|流水|工号|邮编|型号|版本号?|货号|条码|条形码|批号|股票代码|代码|错误码|取件码|取货码|兑换码|优惠码|邀请码|积分|余额|金额|价格|总价|报价|数量|航班|房号|楼层|窗口|话费|电话费|电费|水费|费用|保额|保费|工本费|利率|分机号|彩票号?码?|开奖号码?|基金代码|网关|[Ii][Pp]地址',
  ],
  [
    'public',
    '(?:客服|服务|咨询|投诉|官方|公司|我们|我司|银行|举报|监督|报警|急救|全国|统一|人工|售后|热线|政务)的?(?:统一)?(?:客服|服务|咨询|投诉|官方|售后)?的?(?:热线|电话|号码|专线)(?:号码|电话)?|热线(?:电话|号码)?|短号|(?:总机|总台|前台|营业厅|门店|网点|柜台|分公司|物业)的?(?:电话|号码|座机)?(?=[是：:\\s\\d零〇一幺四八九])',
  ],
  [
    'verification_code',
    '验证码|校验码|动态码|动态密码|动态口令|短信码|短信密码|随机码|确认码|一次性密码|授权码|(?<![a-zA-Z])(?:[Cc]ode|CODE|OTP|otp)(?![a-zA-Z])',
  ],
  [
    'password',
    '密码|口令|密保|(?:背面|背后|后面|卡后)的?(?:最后)?(?:那?三个?[位个]?)(?:数字?|安全码|码)|[Pp]assword|[Pp]asscode|(?:PIN|pin)码?|安全码|(?:CVV|cvv|CVC|cvc)[2２]?码?',
  ],
  [
    'bank_card',
    '(?<!手机|电话|流量|SIM|sim|会员|积分|优惠|饭|公交|交通)(?:银行|储蓄|信用|借记|工资|社保|存折|付款|还款|收款|绑定的?)?卡的?(?:号码|号)|银行卡|储蓄卡|信用卡|借记卡|工资卡|(?:银行|收款|对公|付款)[账帐](?:号|户)|存折|[那这哪两几一]张(?:银行|信用|储蓄)?卡(?!片)|我的卡|卡的?有效期限?|卡的?末[四几]位|(?:[Dd]ebit |[Cc]redit |[Bb]ank )?[Cc]ard(?: [Nn]umber)?(?![a-zA-Z])',
  ],
  [
    'id_card',
    '身份证(?:件)?的?(?:号码|号|卡号)?|身份的?(?:号码|号)|身份(?!核|验|认|是|信息)|证件的?(?:号码|号)|社保号码?|社会保障号码?|公民身份|(?:驾驶证|驾照|军官证|士兵证|警官证|居住证|永久?居留证|医保|社保)的?(?:卡的?)?(?:档案)?(?:编号|号码|号|账号)?|(?<![a-zA-Z])(?:ID|id|[Ii]dentity)(?: card)?(?: [Nn]umber)?(?![a-zA-Z])',
  ],
  ['landline', '区号|座机|固定?电话|固话|传真|宅电|单位电话|家里的?电话|家庭电话|办公电话'],
  [
    'phone',
    '手机的?(?:号码|号)|手机(?!上|里|了|银行|客户端|APP|app|收|壳|卡|屏|坏)|电话的?(?:号码|号)|电话(?!费|里|卡|会议|线|机|打|没|不|那头|中|沟通|回访)|联系方式|联系号码|回电号码|来电号码|预留号码?|本机号码|来电的号码|号码(?=是[幺一1]|[幺1一])|(?:Tel|TEL|tel|[Pp]hone|[Mm]obile|[Cc]ell)(?: [Nn]umber)?(?![a-zA-Z])',
  ],
  [
    'account',
    '微信(?!支付|转账|里|上|群|公众|同号|小程序|客服|付款)(?:账?号|号码)?|[Qq]{2}(?:账?号码?)?|[扣抠]{2}号?|户号|户头|(?:客户|用户|宽带|公积金|社保|医保)的?(?:个人)?(?:编号|账号|号码?)|(?:支付宝|淘宝|京东|抖音|登录|平台|会员|个人)?[账帐](?:号|户号?)|用户名|昵称',
  ],
  ['birth_date', '(?:出生)(?:日期|年月日?|时间)|生日'],
  [
    'passport',
    '护照的?(?:号码|号)?|[Pp]assport(?: [Nn]umber)?|通行证的?(?:号码|号)?|台胞证|回乡证',
  ],
  ['plate', '车牌的?(?:号码|号)?|车号'],
  [
    'tail',
    '尾号|末尾|末[四几]位|[后末前](?:面)?的?(?:[三四五六3456]|几)位(?:数字?|号码)?|最后(?:面)?的?(?:[三四五六3456]|几)(?:位|个)(?:数字?|号码)?|前几位',
  ],
  [
    'digits',
    '(?<!后|前|末)(?<!最后)[四六4-6]位(?:的?数字?|码)|短信(?:里|上|中)?的?(?:那?[一几]?[串个])?(?:数字|号码|码)|[一那这]串(?:数字|号码)|短信(?:里|上|中)?(?:给[我您你])?(?:发|显示)(?:来|过来)?[的了]?',
  ],
];
const MENTION = new RegExp(MENTIONS.map(([, source]) => `(${source})`).join('|'), 'g');

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
