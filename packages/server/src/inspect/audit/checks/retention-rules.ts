import { check } from '../check.ts';
import type { Found } from '../ports.ts';

/** The rules of retention in force were looked at by whoever knows the law, in time. */
export const retentionRules = check<'REVIEW_PASSED'>({
  title: { zh: '留存规则：按期复核', en: 'Retention rules: reviewed in time' },
  retest: {
    zh: '重新读取现行规则的复核日期。',
    en: 'The review days of the rules in force are read again.',
  },
  codes: {
    REVIEW_PASSED: {
      severity: 'medium',
      wrong: { zh: '规则的复核日期已过', en: 'A rule’s day of review has passed' },
      fix: {
        zh: '由合规人员核对条文并更新 reviewBy。',
        en: 'Have compliance check the clause, and set reviewBy anew.',
      },
    },
  },
  async run({ retention, asOf, today }) {
    const rules = await retention.reviews(asOf);
    const passed = rules.filter(({ reviewBy }) => reviewBy !== undefined && reviewBy < today);
    return {
      looked: rules.length,
      findings: passed.map(({ rule: id, reviewBy = '' }): Found<'REVIEW_PASSED'> => {
        return { code: 'REVIEW_PASSED', subject: { kind: 'rule', id }, detail: { reviewBy } };
      }),
    };
  },
});
