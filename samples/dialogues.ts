/**
 * The sample calls. A line is a turn: `A` is the agent, `C` the customer; words are separated by
 * spaces; `<type …>` marks personal data for the truth file. People, numbers and firms are invented.
 */
export interface Dialogue {
  slug: string;
  tier: 'basic' | 'core' | 'sensitive';
  issue: string;
  industry?: string;
  video?: true;
  metadata: Record<string, unknown>;
  lines: string[];
}

const DIGITS = '零幺二三四五六七八九';
/** Digits as they are said on the telephone, one word each. */
const said = (digits: string): string =>
  [...digits].map((digit) => (digit === 'X' ? '叉' : DIGITS[Number(digit)])).join(' ');

/** A resident number with its check digit (GB 11643: ISO 7064 MOD 11-2). */
function residentId(first17: string): string {
  const sum = [...first17].reduce(
    (all, digit, at) => all + Number(digit) * (2 ** (17 - at) % 11),
    0,
  );
  return first17 + '10X98765432'[sum % 11];
}

/** A card number with its Luhn digit. */
function cardNumber(body: string): string {
  const sum = [...body].reverse().reduce((all, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return body + String((10 - (sum % 10)) % 10);
}

const ID_A = residentId('11010119900307123');
const ID_B = residentId('31010419851122456');
const CARD = cardNumber('622202000112233445');

const agent = (id: string) => ({
  agent: { id, name: `客服${id}` },
  team: id === '003' ? '二组' : '一组',
});

export const DIALOGUES: Dialogue[] = [
  {
    slug: '01-enquiry',
    tier: 'basic',
    issue: '业务咨询',
    metadata: {
      ...{ sourceCallId: 'S-0001', startedAt: '2026-11-18T09:12:00+08:00', ...agent('001') },
      ...{ queue: '咨询', customer: { phone: '13900001234', segment: '普通' } },
      ...{ demand: '想了解套餐的价格和办理方式', ticketIds: ['T-1001'] },
      ...{ feedback: { score: 9, comment: '回答清楚' } },
    },
    lines: [
      'A 您好 很 高兴 为 您 服务',
      'C 你好 我 想 咨询 一下 你们 的 套餐',
      'A 好的 现在 有 两种 套餐 一种 每月 五十九 元 一种 每月 九十九 元',
      'C 九十九 元 的 有 什么 内容',
      'A 包含 三百 分钟 通话 和 二十 个 流量',
      'C 什么时候 可以 办理',
      'A 今天 下午 三点 以前 办理 明天 就 生效',
      'C 好的 谢谢',
      'A 不客气 再见',
    ],
  },
  {
    slug: '02-fault',
    tier: 'core',
    issue: '设备故障',
    metadata: {
      ...{ sourceCallId: 'S-0002', startedAt: '2025-08-12T10:30:00+08:00', ...agent('001') },
      ...{ queue: '报修', customer: { phone: '13800002641', segment: '企业' } },
      ...{ demand: '打印机卡纸,无法开机', agentNote: '已登记上门维修,客户电话 13800002641' },
      ...{ ticketIds: ['T-2001'], feedback: { score: 8 } },
    },
    lines: [
      'A 您好 技术 支持 请问 有 什么 问题',
      'C 我们 公司 的 打印机 出 故障 了 一直 卡纸',
      'A 请问 机器 能 开机 吗',
      'C 不能 开机 按 了 电源 没有 反应 指示灯 也 不亮',
      'A 您 检查 过 电源线 吗',
      'C 检查 过 了 还是 坏 的 影响 我们 工作',
      'A 明白 我 给 您 登记 报修 工程师 明天 上午 上门 维修',
      'C 好 请 尽快 处理',
      'A 好的 维修 单号 是 二 零 二 五 零 八 一 二 请 保存',
      'C 知道 了 谢谢',
    ],
  },
  {
    slug: '03-dispute',
    tier: 'core',
    issue: '客户纠纷',
    metadata: {
      ...{ sourceCallId: 'S-0003', startedAt: '2026-10-20T14:05:00+08:00', ...agent('002') },
      ...{ queue: '投诉', customer: { phone: '13700005566', segment: '普通' } },
      ...{ demand: '要求退款,称多扣费', ticketIds: ['T-3001'], feedback: { score: 2 } },
    },
    lines: [
      'A 您好 请问 有 什么 可以 帮 您',
      'C 我 要 投诉 你们 乱 扣费 我 要求 退款',
      'A 您 先 别 着急 我 帮 您 查 一下',
      'C 你们 每次 都 这样 说 这个 纠纷 已经 一个月 了 没有 人 处理',
      'A 非常 抱歉 给 您 带来 不便',
      'C 今天 不 解决 我 就 找 律师 起诉 你们',
      'A 我 马上 转 给 主管 两个 小时 内 给 您 答复',
      'C 好 我 等 你们 的 赔偿 方案',
      'A 好的 感谢 您 的 理解',
    ],
  },
  {
    slug: '04-crisis',
    tier: 'core',
    issue: '危机事件',
    metadata: {
      ...{ sourceCallId: 'S-0004', startedAt: '2026-09-03T22:41:00+08:00', ...agent('003') },
      ...{ queue: '紧急', customer: { phone: '13600007788' }, ticketIds: ['T-4001'] },
      events: [
        { type: 'answered', offsetMs: 0 },
        { type: 'transferred', offsetMs: 15_000, agentId: '002', note: '转危机处理' },
      ],
    },
    lines: [
      'A 您好 请 讲',
      'C 快 来 人 你们 的 热水器 着火 了 厨房 都是 烟',
      'A 请 您 立即 离开 房间 拨打 火警 电话',
      'C 家里 还有 老人 有 人 受伤 了 情况 很 危险',
      'A 请 不要 返回 火场 我们 已经 启动 应急 处理',
      'C 你们 快 一点',
      'A 应急 人员 已经 出发 请 保持 电话 畅通',
    ],
  },
  {
    slug: '05-identity',
    tier: 'sensitive',
    issue: '身份核实',
    metadata: {
      ...{ sourceCallId: 'S-0005', startedAt: '2026-11-05T11:20:00+08:00', ...agent('002') },
      ...{ queue: '核身', customer: { phone: '13500009911', name: '李建国' } },
      ...{ agentNote: `客户李建国,身份证号 ${ID_A},已核实`, ticketIds: [] },
    },
    lines: [
      'A 您好 办理 业务 需要 核实 您 的 身份',
      'C 好的',
      'A 请问 您 的 姓名',
      'C 我 叫 <name 李 建 国>',
      'A 请 报 一下 您 的 身份证 号码',
      `C 嗯 <id_card ${said(ID_A)}>`,
      'A 好的 身份 核实 已经 通过',
      'C 谢谢',
    ],
  },
  {
    slug: '06-bank-card',
    tier: 'sensitive',
    issue: '订单售后',
    metadata: {
      ...{ sourceCallId: 'S-0006', startedAt: '2026-10-28T16:48:00+08:00', ...agent('001') },
      ...{ queue: '售后', customer: { phone: '13400003322' }, industry: 'ecommerce' },
      ...{ demand: `退款到银行卡 ${CARD}`, ticketIds: ['T-6001'] },
    },
    lines: [
      'A 您好 售后 服务',
      'C 我 买 的 衣服 退货 了 订单 的 钱 还 没有 到账',
      'A 请 提供 一下 退款 的 银行卡 号',
      `C 卡号 是 <bank_card ${said(CARD)}>`,
      'A 好的 三 个 工作日 内 到账 金额 是 一百 二十八 元',
      'C 好的 麻烦 了',
    ],
  },
  {
    slug: '07-phone',
    tier: 'basic',
    issue: '业务咨询',
    metadata: {
      ...{ sourceCallId: 'S-0007', startedAt: '2026-11-20T15:02:00+08:00', ...agent('001') },
      ...{ queue: '咨询', customer: { phone: '13812345678' } },
    },
    lines: [
      'A 您好 请问 需要 什么 帮助',
      'C 我 想 咨询 一下 怎么 办理 宽带',
      'A 可以 请 留 一个 联系 电话',
      `C 我 的 手机 号 是 <phone ${said('13812345678')}>`,
      `A 我 重复 一下 <phone ${said('13812345678')}> 对 吗`,
      'C 对 的',
      'A 好的 稍后 有 专人 联系 您',
    ],
  },
  {
    slug: '08-medical',
    tier: 'sensitive',
    issue: '健康咨询',
    industry: 'healthcare',
    metadata: {
      ...{ sourceCallId: 'S-0008', startedAt: '2026-11-11T08:33:00+08:00', ...agent('003') },
      ...{ queue: '健康', customer: { phone: '13300004455', segment: '老年' } },
      ...{ industry: 'healthcare' },
    },
    lines: [
      'A 您好 健康 服务 热线',
      'C 医生 我 有 <medical 糖尿病> 最近 血糖 不 稳定 应该 注意 什么',
      'A 您 平时 吃 什么 药',
      'C 每天 吃 <medical 二甲双胍>',
      'A 建议 您 到 医院 检查 饮食 要 清淡',
      'C 好的 谢谢 您',
    ],
  },
  {
    slug: '09-hotline',
    tier: 'basic',
    issue: '民生诉求',
    industry: 'government',
    metadata: {
      ...{ sourceCallId: 'S-0009', startedAt: '2026-11-22T10:10:00+08:00', ...agent('002') },
      ...{ queue: '市民热线', customer: { phone: '13200006677', segment: '市民' } },
      ...{ industry: 'government', demand: '小区路灯损坏,夜间出行不便' },
    },
    lines: [
      'A 您好 市民 服务 热线',
      'C 我 要 反映 一个 问题 我们 小区 门口 的 路灯 坏 了 晚上 很 黑',
      'A 请问 具体 地址 在 哪里',
      'C 在 <address 建 设 路 三 十 六 号> 附近',
      'A 好的 我们 会 转 给 市政 部门 办理 五 个 工作日 内 回复',
      'C 好的 希望 尽快 解决 居民 都 很 关心',
    ],
  },
  {
    slug: '10-loan',
    tier: 'sensitive',
    issue: '贷款咨询',
    industry: 'finance',
    metadata: {
      ...{ sourceCallId: 'S-0010', startedAt: '2026-08-19T13:15:00+08:00', ...agent('003') },
      ...{ queue: '信贷', customer: { phone: '13100008899', segment: 'vip' } },
      ...{ industry: 'finance', businessType: '消费贷款' },
    },
    lines: [
      'A 您好 贷款 服务 专线',
      'C 我 想 贷款 二十 万 利率 是 多少',
      'A 年 利率 百分之 四点五 请问 您 的 身份证 号',
      `C <id_card ${said(ID_B)}>`,
      'A 好的 我 帮 您 预审 还款 期限 想要 几年',
      'C 三 年 分期 还款',
      'A 好的 审批 结果 三 天 内 通知 您',
    ],
  },
  {
    slug: '11-over-promise',
    tier: 'basic',
    issue: '业务咨询',
    metadata: {
      ...{ sourceCallId: 'S-0011', startedAt: '2026-11-16T17:25:00+08:00', ...agent('001') },
      ...{ queue: '咨询', customer: { phone: '13000001122' } },
    },
    lines: [
      'A 您好 请问 想 了解 什么 产品',
      'C 这个 理财 产品 收益 怎么样',
      'A 放心 我 保证 您 一定 赚钱 绝对 没有 风险',
      'C 真的 吗 那 我 考虑 一下',
      'A 百分之百 保本 今天 买 最 划算',
      'C 好的 我 再 想想',
    ],
  },
  {
    slug: '12-video-guidance',
    tier: 'core',
    issue: '视频通话协助',
    video: true,
    metadata: {
      ...{ sourceCallId: 'S-0012', startedAt: '2025-08-14T09:00:00+08:00', ...agent('001') },
      ...{ queue: '视频', channel: 'video', customer: { phone: '13911112222' } },
      events: [
        { type: 'video_invited', offsetMs: 500 },
        { type: 'video_joined', offsetMs: 2000 },
      ],
    },
    lines: [
      'A 您好 我们 现在 打开 视频',
      'C 好 我 看到 画面 了',
      'A 请 把 摄像头 对准 路由器 背面',
      'C 这样 可以 吗',
      'A 可以 请 按 视频 里 的 步骤 操作',
    ],
  },
];
