import type { SubjectDeps } from './ports.ts';
import { daysOn, OPEN_STATES, todayIn } from './request-row.ts';

/** How many days before its deadline people are told that a request has to be answered. */
export const DAYS_AHEAD = 3;

/**
 * Tells compliance of requests that have to be answered soon, and of those that are overdue; each once,
 * however many processes ask. To be run every minute or so.
 */
export async function tellDeadlines(
  deps: Pick<SubjectDeps, 'db' | 'clock' | 'timeZone' | 'notices'>,
): Promise<number> {
  const now = deps.clock.now();
  const today = todayIn(deps);
  return deps.db.transaction().execute(async (tx) => {
    // None that somebody else holds: those are told of at the next round.
    const open = tx
      .selectFrom('subject_request')
      .select('id')
      .where('state', 'in', [...OPEN_STATES])
      .forUpdate()
      .skipLocked();
    const overdue = await tx
      .updateTable('subject_request')
      .set({ told_overdue_at: now, told_due_at: now })
      .where('id', 'in', open.where('told_overdue_at', 'is', null).where('answer_by', '<', today))
      .returning(['id', 'kind', 'answer_by'])
      .execute();
    const due = await tx
      .updateTable('subject_request')
      .set({ told_due_at: now })
      .where(
        'id',
        'in',
        open
          .where('told_due_at', 'is', null)
          .where('answer_by', '>=', today)
          .where('answer_by', '<=', daysOn(today, DAYS_AHEAD)),
      )
      .returning(['id', 'kind', 'answer_by'])
      .execute();
    const told = [
      ...overdue.map((row) => ({ row, kind: 'subject.overdue', severity: 'alarm' }) as const),
      ...due.map((row) => ({ row, kind: 'subject.due', severity: 'action' }) as const),
    ];
    for (const { row, kind, severity } of told) {
      await deps.notices.tell(tx, {
        ...{ to: { roles: ['compliance'] }, kind, severity, resource: row.id },
        detail: { kind: row.kind, answerBy: row.answer_by },
      });
    }
    return told.length;
  });
}
