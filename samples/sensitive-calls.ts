import { figures, inventCard, inventId, said } from './invented-numbers.ts';
import type { Script } from './script.ts';

const CARD = inventCard('621700001000345672');
const ID_OF_CALLER = inventId('11010119870316272');
const ID_OF_OWNER = inventId('11010119640908001');

/** Money, health and identity. Companies, people and numbers are invented. */
export const SENSITIVE_CALLS: Script[] = [
  {
    ...{ slug: '04-id-number', form: 'pcm_mulaw', tier: 'sensitive', issue: '身份核实' },
    industry: 'finance',
    lines: [
      '坐: 您好， 惠民 银行 客服 中心， 请问 需要 办理 什么 业务？',
      '客: 我的 网上 银行 登不上去 了， 提示 要 核实身份。',
      '坐: 好的， 为了 您的 账户 安全， 请说 一下 您的 身份证 号码。',
      `客: [id_card ${said(ID_OF_CALLER)}]。`,
      '坐: 核实 通过了， 您的 登录 限制 已经 解除， 请 重新 打开 应用 试 一下。',
      '客: 可以了， 谢谢。',
      '坐: 不客气， 请 注意 保护 个人 信息， 再见。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20261120-0204', startedAt: '2026-11-20T09:03:47+08:00' },
      agent: { id: '002', name: '许嘉宁' },
      ...{ team: '一组', queue: '账户服务', industry: 'finance' },
      customer: { phone: '13800008461', segment: '普通' },
      demand: '网上银行无法登录，需要核实身份后解除限制。',
      agentNote: `身份证${ID_OF_CALLER}核实通过，已解除登录限制。`,
      feedback: { score: 9 },
    },
    written: [{ field: 'agentNote', type: 'id_card', text: ID_OF_CALLER }],
  },
  {
    ...{ slug: '05-bank-card', form: 'pcm_mulaw', tier: 'sensitive', issue: '业务咨询' },
    industry: 'finance',
    lines: [
      '坐: 您好， 惠民 银行， 请问 有 什么 可以 帮您？',
      '客: 我想 查一下， 我的 卡 这个月 的 积分 怎么 少了 很多？',
      '坐: 好的， 请您 报 一下 银行 卡号。',
      `客: 我 看一下， 卡号 是 [bank_card ${figures(CARD, 4)}]。`,
      '坐: 收到。 系统 显示， 您 上个月 有 一批 积分 到期 了， 没有 及时 兑换。',
      '客: 那 以后 能不能 提前 提醒 我？',
      '坐: 可以 的， 我 帮您 开通 短信 提醒， 到期 前 三十天 通知 您。',
      '客: 那 帮我 开通 吧。',
      '坐: 已经 开通 了， 感谢 您的 来电。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'held', line: 4 },
      { type: 'resumed', line: 5 },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20250721-0305', startedAt: '2025-07-21T13:36:10+08:00' },
      agent: { id: '003', name: '邓立群' },
      ...{ team: '二组', queue: '信用卡服务', industry: 'finance' },
      customer: { phone: '13800001975', segment: 'VIP', account: CARD },
      demand: '查询积分减少的原因，并开通到期提醒。',
      agentNote: `卡号${CARD}，已开通积分到期短信提醒。`,
      feedback: { score: 8 },
    },
    written: [{ field: 'agentNote', type: 'bank_card', text: CARD }],
  },
  {
    ...{ slug: '08-medical', form: 'pcm_mulaw', tier: 'sensitive', issue: '健康咨询' },
    industry: 'healthcare',
    lines: [
      '坐: 您好， 康宁 互联网医院， 请讲。',
      '客: 你好， 我有 [medical 糖尿病] 五年了， 还有 [medical 高血压]， 想问一下 用药 要 注意 什么？',
      '坐: 请问 您 最近 有 按时 复诊 吗？',
      '客: 上次 复诊 是 三个月 以前。',
      '坐: 建议 您 这周 到 门诊 检查 一下， 药 不要 自己 停， 也 不要 自己 加量。',
      '客: 那我 应该 挂 哪个 科？',
      '坐: 挂 内分泌科 就可以， 我 帮您 预约 周四 上午， 可以 吗？',
      '客: 可以， 谢谢。',
      '坐: 已经 预约 好了， 请 带上 之前 的 检查 报告， 祝您 健康。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20261117-0108', startedAt: '2026-11-17T14:22:19+08:00' },
      agent: { id: '001', name: '林晓' },
      ...{ team: '一组', queue: '健康咨询', industry: 'healthcare' },
      customer: { phone: '13800000583', segment: '普通', name: '吴桂兰' },
      demand: '咨询用药注意事项，并预约复诊。',
      agentNote: '患者吴桂兰有糖尿病和高血压，已预约周四上午内分泌科。',
      ticketIds: ['MED-20261117-0210'],
    },
    written: [
      { field: 'agentNote', type: 'name', text: '吴桂兰' },
      { field: 'agentNote', type: 'medical', text: '糖尿病' },
      { field: 'agentNote', type: 'medical', text: '高血压' },
    ],
  },
  {
    ...{ slug: '10-loan', form: 'pcm_mulaw', tier: 'basic', issue: '贷款咨询' },
    industry: 'finance',
    lines: [
      '坐: 您好， 惠民 银行 信贷 中心， 请问 有 什么 可以 帮您？',
      '客: 我想 了解 一下 装修 贷款， 利息 怎么 算？',
      '坐: 目前 年利率 百分之 三点六， 最长 可以 分 五年 还， 每月 等额。',
      '客: 如果 借 二十万， 分 三年， 一个月 要 还 多少？',
      '坐: 大概 五千 八百 七十元， 具体 以 审批 结果 为准。',
      '客: 可以 提前 还款 吗？ 要 准备 什么 材料？',
      '坐: 还满 六个月 就可以 提前 还， 不收 手续费。 材料 需要 收入 证明 和 装修 合同。',
      '客: 好的， 我 考虑 一下， 谢谢。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20261028-0210', startedAt: '2026-10-28T10:50:31+08:00' },
      agent: { id: '002', name: '许嘉宁' },
      ...{ team: '一组', queue: '贷款咨询', industry: 'finance' },
      customer: { phone: '13800005706', segment: '新客户' },
      ...{ demand: '咨询装修贷款的利率、期限和材料。', agentNote: '客户考虑中，一周后可回访。' },
      feedback: { score: 9 },
    },
  },
  {
    ...{ slug: '11-over-promise', form: 'pcm_mulaw', tier: 'basic', issue: '业务咨询' },
    industry: 'securities',
    lines: [
      '坐: 您好， 我是 同舟 证券 的 理财 顾问， 上次 跟您 介绍 的 产品 您 考虑 得 怎么样 了？',
      '客: 这个 产品 我 主要 担心 有 风险， 万一 亏了 怎么办？',
      '坐: 您 放心， 这款 产品 保证收益， 每年 百分之 八， 绝对 不会 亏本。',
      '客: 真的 吗？ 合同 里 写了 保本 吗？',
      '坐: 合同 写得 比较 保守， 其实 都是 稳赚不赔 的。 名额 只剩 最后 两个， 您 今天 就 定下来 吧。',
      '客: 我 再 跟 家里人 商量 一下。',
      '坐: 那您 要 尽快， 错过 这次 就 没有 了。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20261118-0311', startedAt: '2026-11-18T16:20:05+08:00' },
      direction: 'outbound',
      agent: { id: '003', name: '邓立群' },
      ...{ team: '二组', queue: '理财外呼', industry: 'securities' },
      customer: { phone: '13800007620', segment: 'VIP' },
      ...{ demand: '回访理财产品购买意向。', agentNote: '客户仍在考虑，需继续跟进。' },
    },
  },
  {
    ...{ slug: '13-fault-and-id', form: 'pcm_s16le', tier: 'sensitive', issue: '设备故障' },
    lines: [
      '坐: 您好， 云帆 通信 报修 专线， 请讲。',
      '客: 机顶盒 坏了， 一 开机 就 黑屏， 用不了。',
      '坐: 可以 免费 换新， 请说 一下 机主 的 身份证 号码。',
      `客: 机主 是 我 父亲， [id_card ${said(ID_OF_OWNER)}]。`,
      '坐: 登记 好了， 明天 上门 维修 人员 会 带 新 设备 过来。',
      '客: 好， 谢谢。',
    ],
    moments: [
      { type: 'answered', line: 0 },
      { type: 'transferred', line: 2, note: '转机主信息登记' },
      { type: 'hung_up', line: 'end' },
    ],
    metadata: {
      ...{ sourceCallId: 'DEMO-20261123-0213', startedAt: '2026-11-23T18:31:26+08:00' },
      agent: { id: '002', name: '许嘉宁' },
      ...{ team: '一组', queue: '报修专线', industry: 'telecom' },
      customer: { phone: '13800002158', segment: '普通' },
      ...{ demand: '机顶盒开机黑屏，要求更换。', agentNote: '已登记机主证件，明天上门更换。' },
      ticketIds: ['TK-20261123-0088'],
    },
  },
];
