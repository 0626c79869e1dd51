import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../core/shared-folder.testing.ts';
import type { CallMetadata } from '../record/metadata.ts';
import { FINDING_TYPES, type FindingType, SENSITIVE_FINDINGS } from '../record/vocabulary.ts';
import { callOf, RULES_FILE, readTruth, redactedCall } from './call.testing.ts';
import { classify } from './classify.ts';
import { loadRules } from './rules.ts';

const rules = loadRules(readFileSync(RULES_FILE, 'utf8'), 'classification.yaml');

describe('the sample calls', () => {
  const shared = sharedFolder();
  const names = shared === undefined ? [] : readdirSync(join(shared, 'calls'));
  const truths = names
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => name.slice(0, -11));
  // What an integrator would send besides the call itself.
  const sent: Record<string, Partial<CallMetadata>> = { 'c09-hotline': { industry: 'government' } };

  it.skipIf(shared === undefined).each(truths.length === 0 ? [''] : truths)(
    '%s reaches its tier and its issue type',
    (name) => {
      const truth = readTruth(shared ?? '', name);
      const result = classify(rules, redactedCall(truth, sent[name]));
      expect([result.tier, result.issueType]).toEqual([truth.tier, truth.issue]);
    },
  );

  it.skipIf(shared === undefined)('the hotline is known by its greeting alone', () => {
    const result = classify(rules, redactedCall(readTruth(shared ?? '', 'c09-hotline')));
    expect([result.industry, result.issueType]).toEqual(['government', '民生诉求']);
  });
});

type Case = [issueType: string, tier: string, lines: string[], findings?: FindingType[]];
const CASES: Case[] = [
  // Each issue type.
  ['危机事件', 'core', ['客: 我不想活了', '坐: 您先冷静']],
  ['危机事件', 'core', ['客: 楼下着火了快来人']],
  ['危机事件', 'core', ['客: 电梯困人了，里面有老人']],
  ['危机事件', 'core', ['客: 家里燃气泄漏，怎么办']],
  ['危机事件', 'core', ['客: 你们信息泄露，我要找记者']],
  ['设备故障', 'core', ['客: 路由器坏了', '坐: 您重启一下']],
  ['设备故障', 'core', ['客: 空调不制冷，一直报错']],
  ['设备故障', 'core', ['客: 宽带连不上，上不了网']],
  ['设备故障', 'core', ['客: 机器 死机 了']],
  ['设备故障', 'core', ['客: 有没有故障我不知道，就是用不了']],
  ['客户纠纷', 'core', ['客: 你们要赔偿，不然我起诉']],
  ['客户纠纷', 'core', ['客: 你们就是骗子，我要打12315']],
  ['客户纠纷', 'core', ['客: 乱扣费，给个说法']],
  ['客户纠纷', 'core', ['客: 我特别要求赔偿']],
  ['身份核实', 'sensitive', ['坐: 请报一下身份证', '客: [身份证号]'], ['id_card']],
  ['身份核实', 'basic', ['坐: 我先核实一下身份', '客: 好']],
  ['身份核实', 'sensitive', ['坐: 护照号是多少', '客: [护照号]'], ['passport']],
  ['健康咨询', 'sensitive', ['客: 我有[健康信息]，要吃什么药'], ['medical']],
  ['健康咨询', 'basic', ['客: 请问怎么挂号', '坐: 您看哪个科室']],
  ['贷款咨询', 'basic', ['客: 我想问贷款利率']],
  ['贷款咨询', 'sensitive', ['客: 房贷提前还款', '客: 卡号[银行卡号]'], ['bank_card']],
  ['民生诉求', 'basic', ['客: 我们小区路灯不开，晚上很黑']],
  ['民生诉求', 'basic', ['客: 楼上施工扰民']],
  ['视频通话协助', 'basic', ['客: 摄像头怎么开', '坐: 点一下屏幕']],
  ['视频通话协助', 'basic', ['客: 怎么视频通话']],
  ['投诉建议', 'basic', ['客: 我要投诉你们的服务，态度差']],
  ['投诉建议', 'basic', ['客: 我提个建议']],
  ['订单售后', 'basic', ['客: 我的快递什么时候到，订单查不到']],
  ['订单售后', 'basic', ['客: 我想退货退款']],
  ['业务咨询', 'basic', ['客: 请问营业时间']],
  ['业务咨询', 'basic', ['客: 套餐怎么收费']],
  ['业务咨询', 'basic', ['客: 我的电话号码是[手机号]'], ['phone']],
  ['其他', 'basic', ['客: 喂', '坐: 您好', '客: 打错了']],
  ['其他', 'basic', []],
  // Denied words do not count.
  ['其他', 'basic', ['客: 没有故障']],
  ['其他', 'basic', ['客: 没有发生任何故障，谢谢']],
  ['其他', 'basic', ['客: 设备没坏了的样子，不是故障']],
  ['业务咨询', 'basic', ['客: 我不是要投诉，想问一下价格']],
  ['业务咨询', 'basic', ['客: 不需要赔偿，我想问一下流程']],
  ['业务咨询', 'basic', ['客: 我没有打算起诉，请问怎么办理']],
  ['业务咨询', 'basic', ['客: 不用退款，请问几点下班']],
  // Twice denied, asked, or denied elsewhere, they do.
  ['设备故障', 'core', ['客: 不是没有故障']],
  ['设备故障', 'core', ['客: 是不是坏了']],
  ['设备故障', 'core', ['客: 上次说没有故障，今天又有故障了']],
  ['设备故障', 'core', ['客: 没有人来修，故障还在']],
  // What the agent promises is no fault of the customer's.
  ['业务咨询', 'basic', ['客: 这个产品好不好', '坐: 保证不出故障，故障包赔偿']],
  ['其他', 'basic', ['坐: 如有故障请联系我们', '客: 嗯']],
  // Phone, name and address change no tier.
  ['其他', 'basic', ['客: 我叫[姓名]，住[地址]'], ['name', 'address', 'phone', 'plate', 'email']],
  // The strictest wins; the issue type keeps to what was said.
  ['设备故障', 'sensitive', ['客: 设备坏了', '客: 密码是[密码]'], ['password']],
  ['订单售后', 'core', ['客: 退货退款，订单发货太慢', '客: 不行我找律师']],
];

describe('the default rules', () => {
  it.each(CASES)('%s, %s: %j', (issueType, tier, lines, findings = []) => {
    const result = classify(rules, callOf(lines, { findings }));
    expect([result.issueType, result.tier]).toEqual([issueType, tier]);
  });

  it('a demand and an agent note count like speech', () => {
    const metadata = { demand: '机器黑屏', agentNote: '已登记' };
    expect(classify(rules, callOf([], { metadata })).issueType).toBe('设备故障');
  });

  it('a turn of an unknown speaker may be the customer', () => {
    expect(classify(rules, callOf(['设备坏了'])).issueType).toBe('设备故障');
  });
});

describe('what nothing can undo', () => {
  it('a sensitive finding makes any record sensitive, others leave it (property)', () => {
    fc.assert(
      fc.property(
        fc.subarray([...FINDING_TYPES]),
        fc.constantFrom(...CASES),
        (findings, [, , lines]) => {
          const plain = classify(rules, callOf(lines)).tier;
          const { tier } = classify(rules, callOf(lines, { findings }));
          const sensitive = findings.some((type) => SENSITIVE_FINDINGS.includes(type));
          expect(tier).toBe(sensitive ? 'sensitive' : plain);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a video recording makes a record core at least', () => {
    for (const [, tier, lines, findings = []] of CASES) {
      const result = classify(rules, callOf(lines, { findings, hasVideo: true }));
      expect(result.tier).toBe(tier === 'sensitive' ? 'sensitive' : 'core');
    }
  });

  it('an issue type from the sender is taken, but does not lower the tier', () => {
    const metadata = { issueType: '业务咨询' };
    const result = classify(rules, callOf(['客: 设备坏了'], { metadata }));
    expect([result.issueType, result.tier]).toEqual(['业务咨询', 'core']);
    expect(result.reasons).toContainEqual({
      field: 'issueType',
      rule: 'metadata',
      because: '来源系统给出',
    });
  });

  it('an issue type from the sender raises the tier', () => {
    const metadata = { issueType: 'crisis' };
    const result = classify(rules, callOf(['客: 喂'], { metadata }));
    expect([result.issueType, result.tier]).toEqual(['危机事件', 'core']);
  });

  it('an issue type outside the vocabulary is reported and not taken', () => {
    const metadata = { issueType: '升舱' };
    const result = classify(rules, callOf(['客: 设备坏了'], { metadata }));
    expect(result.issueType).toBe('设备故障');
    expect(result.reasons.some(({ because }) => because.includes('未采用'))).toBe(true);
  });
});

describe('the other fields', () => {
  it('take the name of the file for what the sender wrote', () => {
    const metadata = { customer: { segment: 'vip' }, industry: '银行', businessType: '双录' };
    expect(classify(rules, callOf([], { metadata }))).toMatchObject({
      segment: 'VIP',
      industry: 'finance',
      businessType: 'wealth_dual_recording',
    });
  });

  it('follow from the call where the sender is silent', () => {
    const lines = ['坐: 您好这里是银行客服', '客: 我们公司想问贷款'];
    expect(classify(rules, callOf(lines))).toMatchObject({
      segment: '企业',
      industry: 'finance',
      businessType: 'loan_enquiry',
    });
  });

  it('stay absent where nothing is known', () => {
    const result = classify(rules, callOf(['客: 喂']));
    expect([result.segment, result.industry, result.businessType]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('queues match with a star, without regard to case', () => {
    const result = classify(rules, callOf([], { metadata: { queue: 'CRISIS-01' } }));
    expect(result.tier).toBe('core');
    expect(result.reasons[0]).toMatchObject({ field: 'tier', rule: 'tier-crisis-queue' });
    expect(classify(rules, callOf([], { metadata: { queue: 'no-crisis' } })).tier).toBe('basic');
  });
});

describe('reasons', () => {
  it('say which rule and which of its words, never words of the call (property)', () => {
    const secret = '张三李四王五';
    fc.assert(
      fc.property(fc.constantFrom(...CASES), ([, , lines, findings = []]) => {
        const spoken = lines.map((line) => `${line}，${secret}`);
        const { reasons } = classify(rules, callOf(spoken, { findings }));
        expect(reasons.length).toBeGreaterThan(0);
        expect(JSON.stringify(reasons)).not.toContain(secret);
        expect(new Set(reasons.map((one) => one.field))).toContain('tier');
      }),
      { numRuns: 50 },
    );
  });
});
