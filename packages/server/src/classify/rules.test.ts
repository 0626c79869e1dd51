import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasCode } from '../core/errors.ts';
import { callOf, RULES_FILE } from './call.testing.ts';
import { classify } from './classify.ts';
import {
  businessTypes,
  ClassificationRulesInvalid,
  industries,
  issueTypes,
  loadRules,
  segments,
} from './rules.ts';

const text = readFileSync(RULES_FILE, 'utf8');

function problemsOf(yaml: string) {
  try {
    loadRules(yaml, 'rules.yaml');
  } catch (error) {
    expect(hasCode(error, 'CLASSIFICATION_RULES_INVALID')).toBe(true);
    return (error as ClassificationRulesInvalid).problems;
  }
  throw new Error('was accepted');
}

const lineOf = (yaml: string, part: string) => yaml.slice(0, yaml.indexOf(part)).split('\n').length;

describe('loadRules', () => {
  it('names every problem at once, each with line and field', () => {
    const broken = text
      .replace('version: 1', 'version: 2')
      .replace('tier: basic\n    also: [loan', 'tier: secret\n    also: [loan')
      .replace('speaker: customer', 'speaker: client');
    const problems = problemsOf(broken);
    expect(problems.map((one) => one.line)).toEqual([
      lineOf(broken, 'version: 2'),
      lineOf(broken, 'speaker: client'),
      lineOf(broken, 'tier: secret'),
    ]);
    expect(problems.map((one) => one.field)).toEqual([
      'version',
      'issueTypes/0/rules/2/when/speaker',
      'issueTypes/5/tier',
    ]);
  });

  it.each([
    ['a rule id used twice', 'id: loan-terms', 'id: loan-words', 'issueTypes/5/rules/1/id'],
    [
      'a default that is no issue type',
      'defaultIssueType: 其他',
      'defaultIssueType: 无',
      'defaultIssueType',
    ],
    [
      'an industry that is not listed',
      'industry: [government]',
      'industry: [gov]',
      'issueTypes/6/rules/1/when/industry/0',
    ],
    ['a field that does not exist', 'defaultIssueType:', 'default: x\ndefaultIssueType:', ''],
    ['a name that two entries share', 'also: [loan', 'also: [其他, loan', 'issueTypes/11/id'],
    [
      'a rule without a condition',
      'when: { findings: [medical] }',
      'when: { not: [药] }',
      'issueTypes/4/rules/0/when',
    ],
    [
      'a finding that does not exist',
      'findings: [medical]',
      'findings: [illness]',
      'issueTypes/4/rules/0/when/findings/0',
    ],
    ['a word without letters', '[医院, 医生', "['  ', 医生", 'issueTypes/4/rules/2/when/any/0'],
  ])('refuses %s', (_, from, to, field) => {
    expect(text).toContain(from);
    const problems = problemsOf(text.replace(from, to));
    expect(problems.map((one) => one.field)).toEqual([field]);
  });

  it('names the line of broken YAML, and refuses keys written twice', () => {
    expect(problemsOf('version: 1\nthresholds: [')[0]?.line).toBeGreaterThanOrEqual(2);
    expect(problemsOf('version: 1\nversion: 1')[0]?.line).toBe(2);
    expect(problemsOf('')).not.toEqual([]);
  });

  it('offers the vocabularies for screens', () => {
    const loaded = loadRules(text, 'rules.yaml');
    const ids = issueTypes(loaded).map((one) => one.id);
    expect(ids).toEqual(
      expect.arrayContaining(['业务咨询', '危机事件', '投诉建议', '订单售后', '其他']),
    );
    expect(industries(loaded)).toContainEqual({
      id: 'government',
      zh: '政务',
      en: 'Government hotline',
    });
    expect(segments(loaded).map((one) => one.id)).toContain('老年');
    expect(businessTypes(loaded).map((one) => one.id)).toContain('loan_enquiry');
  });

  it('a changed weight changes the answer', () => {
    const call = callOf(['客: 我要投诉', '客: 查一下订单']);
    expect(classify(loadRules(text, 'r'), call).issueType).toBe('投诉建议');
    const changed = text.replace(
      'id: order-words\n        weight: 2',
      'id: order-words\n        weight: 9',
    );
    expect(classify(loadRules(changed, 'r'), call).issueType).toBe('订单售后');
  });
});
