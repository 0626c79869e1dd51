import { check } from '../check.ts';
import type { Found } from '../ports.ts';
import { recordsIn, termFactsOf } from '../record-rows.ts';

/** Nothing is kept past its maximum, unless a hold or a day that something else counts from keeps it. */
export const retentionMaximum = check<'KEPT_TOO_LONG'>({
  title: { zh: '留存：未超过最长期限', en: 'Retention: nothing is kept past its maximum' },
  retest: {
    zh: '由现行规则重新推算最长期限，并核对法律保全。',
    en: 'The maximum is reckoned again from the rules in force, and holds are looked for.',
  },
  codes: {
    KEPT_TOO_LONG: {
      severity: 'high',
      wrong: { zh: '记录超过最长期限仍被保存', en: 'A record is kept past its maximum' },
      fix: {
        zh: '按处置流程删除或匿名化；如须保留，登记法律保全。',
        en: 'Dispose of it; where it has to stay, place a hold.',
      },
    },
  },
  async run(context) {
    const { retention, asOf, today } = context;
    const findings: Found<'KEPT_TOO_LONG'>[] = [];
    let looked = 0;
    for await (const rows of recordsIn(context, ['archived', 'restricted'])) {
      looked += rows.length;
      for (const row of rows) {
        const { atMost, openEnded, rule } = await retention.termOf(termFactsOf(row), asOf);
        if (openEnded || atMost === undefined || today < atMost) continue;
        if (await context.isHeld(row.id)) continue;
        const subject = { kind: 'record' as const, id: row.id };
        findings.push({ code: 'KEPT_TOO_LONG', subject, detail: { atMost, rule } });
      }
    }
    return { looked, findings };
  },
});
