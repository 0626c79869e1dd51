import type { Tx } from '../core/database.ts';

/** Makes a core record the case of the team that crisis posts belong to, unless it is one already. */
export async function assignCase(
  tx: Tx,
  recordId: string,
  teamId: string,
  assignedBy: string,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('record_case')
    .values({
      ...{ record_id: recordId, actor_id: null, team_id: teamId },
      ...{ assigned_by: assignedBy, assigned_at: at },
    })
    .onConflict((conflict) => conflict.column('record_id').doNothing())
    .execute();
}
