import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FindingType } from '../record/vocabulary.ts';
import { callOf, RULES_FILE } from './call.testing.ts';
import { classify } from './classify.ts';
import { loadRules } from './rules.ts';
import { readToldCalls } from './told-calls.testing.ts';

const rules = loadRules(readFileSync(RULES_FILE, 'utf8'), 'classification.yaml');

describe('calls are filed as a manager would file them', () => {
  test.each(readToldCalls())(
    '$issueType, $tier: $lines',
    ({ issueType, tier, lines, findings }) => {
      const call = callOf(lines, { findings: findings as FindingType[] });
      const result = classify(rules, call);
      expect([result.issueType, result.tier]).toEqual([issueType, tier]);
    },
  );
});

describe('how words are compared', () => {
  const file = (extra: string, when: string) => `
version: 1
thresholds: { choose: 1, tier: 4 }
negation: { negators: [没有, 没], neutral: [有], ${extra} }
defaultIssueType: 其他
issueTypes:
  - { id: 甲, en: A, tier: core, rules: [{ id: a, when: ${when} }] }
  - { id: 其他, en: Other, tier: basic }
segments: []
industries: []
businessTypes: []
`;
  const issueOf = (yaml: string, line: string) =>
    classify(loadRules(yaml, 'test'), callOf([`客: ${line}`])).issueType;

  test('a star stands for a few characters of one sentence', () => {
    const yaml = file('idioms: []', '{ any: [电梯*关着] }');
    expect(issueOf(yaml, '电梯里一直关着人')).toBe('甲');
    expect(issueOf(yaml, '电梯关着')).toBe('甲');
    expect(issueOf(yaml, '电梯很好。门关着')).toBe('其他');
    expect(issueOf(yaml, '电梯那边的大门从早上到现在一直关着')).toBe('其他');
    expect(issueOf(yaml, '没有电梯关着')).toBe('其他');
  });

  test('a word inside an idiom is not said, outside of it is', () => {
    const yaml = file('idioms: [爆炸便宜]', '{ any: [爆炸] }');
    expect(issueOf(yaml, '爆炸便宜')).toBe('其他');
    expect(issueOf(yaml, '爆炸便宜的电池爆炸了')).toBe('甲');
  });

  test('a word that counts even denied is said when it is denied', () => {
    expect(issueOf(file('idioms: []', '{ any: [轻生] }'), '我没有轻生')).toBe('其他');
    expect(issueOf(file('idioms: []', '{ evenDenied: true, any: [轻生] }'), '我没有轻生')).toBe(
      '甲',
    );
  });

  test('traditional characters are compared as simplified ones', () => {
    expect(issueOf(file('idioms: []', '{ any: [燃气泄漏] }'), '燃氣洩漏')).toBe('甲');
  });
});
