import type { Tx } from '../core/database.ts';

/** Why a record may go now: in this order the first that holds. */
export type DisposalGround = 'erasure' | 'closure' | 'maximum' | 'policy';

/** The stronger comes first: hold > legal minimum > erasure request > maximum > cost. */
export type DisposalVerdict =
  | { allowed: true; ground: DisposalGround; rule: string; keepUntil: string }
  | { allowed: false; by: 'hold'; holdIds: string[] }
  | { allowed: false; by: 'minimum'; keepUntil: string; openEnded: boolean; rule: string }
  | { allowed: false; by: 'not-due'; dueOn: string; rule: string }
  /** No term was given yet: a record that nothing is known of is kept. */
  | { allowed: false; by: 'unknown' };

/** What else the one place asks. */
export interface DisposalGate {
  /** Living holds whose search catches the record, also before their walk has come to it. */
  catches(tx: Tx, recordId: string): Promise<string[]>;
}

/**
 * The one place that says whether a record may be disposed of on `today` ('YYYY-MM-DD' in the archive's
 * zone). The caller has locked the record's row in this transaction, and whoever places a hold, gives a
 * term or restricts locks it too: what is answered stays true until the transaction ends.
 */
export async function mayDispose(
  tx: Tx,
  recordId: string,
  today: string,
  gate: DisposalGate,
): Promise<DisposalVerdict> {
  const held = await tx
    .selectFrom('held_record')
    .select('hold_id')
    .where('record_id', '=', recordId)
    .execute();
  const holdIds = new Set(held.map((one) => one.hold_id));
  for (const one of await gate.catches(tx, recordId)) holdIds.add(one);
  if (holdIds.size > 0) return { allowed: false, by: 'hold', holdIds: [...holdIds].toSorted() };

  const term = await tx
    .selectFrom('record_term')
    .select(['keep_until', 'open_ended', 'at_most', 'due_on', 'rule', 'rules'])
    .select(({ selectFrom }) =>
      selectFrom('retention_rules')
        .select(({ fn }) => fn.max('number').as('newest'))
        .as('newest'),
    )
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  // Rules that came into force may keep it longer: the walk that says so has not come to it.
  if (term === undefined || term.rules < Number(term.newest ?? 0)) {
    return { allowed: false, by: 'unknown' };
  }
  const { keep_until: keepUntil, open_ended: openEnded, rule } = term;
  if (openEnded || today < keepUntil) {
    return { allowed: false, by: 'minimum', keepUntil, openEnded, rule };
  }
  const restrictions = await tx
    .selectFrom('record_restriction as x')
    .select('x.kind')
    .where('x.record_id', '=', recordId)
    // Taken back by the person; the walk that lifts it has not come to it.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('subject_request as q')
            .select('q.id')
            .whereRef('q.id', '=', 'x.cause_id')
            .where('q.state', '=', 'withdrawn'),
        ),
      ),
    )
    .execute();
  const kinds = restrictions.map((one) => one.kind);
  const go = (ground: DisposalGround) => ({ allowed: true as const, ground, rule, keepUntil });
  if (kinds.includes('erasure')) return go('erasure');
  if (kinds.includes('closure')) return go('closure');
  if (term.at_most !== null && today >= term.at_most) return go('maximum');
  if (term.due_on !== null && today >= term.due_on) return go('policy');
  return { allowed: false, by: 'not-due', dueOn: term.due_on ?? '', rule };
}
