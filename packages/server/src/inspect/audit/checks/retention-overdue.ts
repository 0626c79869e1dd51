import { check, daysBefore } from '../check.ts';
import type { Found } from '../ports.ts';
import { dayText } from '../record-rows.ts';

/** What is due by rules and policy is gone within days. */
export const retentionOverdue = check<'DISPOSAL_OVERDUE'>({
  title: { zh: '留存：到期处置未拖延', en: 'Retention: what is due is disposed of' },
  retest: {
    zh: '重新查询该记录的到期日、状态与法律保全。',
    en: 'Due day, state and holds of the record are read again.',
  },
  codes: {
    DISPOSAL_OVERDUE: {
      severity: 'medium',
      wrong: {
        zh: '记录到期多日仍未处置',
        en: 'A record has been due for days and is still there',
      },
      fix: {
        zh: '审批并执行待处置批次；如须保留，登记法律保全。',
        en: 'Approve and run the disposal that waits; where it has to stay, place a hold.',
      },
    },
  },
  async run(context) {
    const { db, asOf, limits, timeZone } = context;
    const before = dayText(timeZone, daysBefore(asOf, limits.overdueDays));
    const rows = await db
      .selectFrom('record_term')
      .innerJoin('record', 'record.id', 'record_term.record_id')
      .select(['record_id', 'due_on', 'rule'])
      .where('due_on', '<', before)
      .where('state', 'in', ['archived', 'restricted'])
      .orderBy('due_on')
      .orderBy('record_id')
      .execute();
    const findings: Found<'DISPOSAL_OVERDUE'>[] = [];
    for (const { record_id: id, due_on: dueOn, rule } of rows) {
      context.signal.throwIfAborted();
      if (await context.isHeld(id)) continue;
      findings.push({
        ...{ code: 'DISPOSAL_OVERDUE', subject: { kind: 'record', id } },
        detail: { dueOn: dueOn ?? '', rule },
      });
    }
    return { looked: rows.length, findings };
  },
});
