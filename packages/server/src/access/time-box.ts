import { accessError } from './access-error.ts';
import { type ChangeDeps, changeStaff, type StaffRow } from './staff-row.ts';

/** For which engagement an outside auditor's account is, and from when to before when it opens anything. */
export interface TimeBox {
  engagementId: string;
  opensAt: Date;
  shutsAt: Date;
}

/** Throws ENGAGEMENT_OVER for an account outside its time, whatever else is right. */
export function demandWithin(
  { opens_at: opensAt, shuts_at: shutsAt }: Pick<StaffRow, 'opens_at' | 'shuts_at'>,
  now: Date,
): void {
  const early = opensAt !== null && now < opensAt;
  const late = shutsAt !== null && now >= shutsAt;
  if (!early && !late) return;
  const message = early
    ? 'the engagement has not begun'
    : 'the engagement is over; ask the compliance office';
  throw accessError('ENGAGEMENT_OVER', message);
}

/** Shuts every account of an engagement from a moment on, and ends its sessions; resolves to the accounts' ids. */
export async function shutAccounts(
  tx: ChangeDeps,
  engagementId: string,
  at: Date,
): Promise<string[]> {
  const rows = await tx.db
    .selectFrom('staff')
    .select('actor_id')
    .where('engagement_id', '=', engagementId)
    .orderBy('actor_id')
    .execute();
  for (const { actor_id: id } of rows) {
    await changeStaff(tx, id, ({ shuts_at: before }) => ({
      shuts_at: before === null || before > at ? at : before,
    }));
  }
  return rows.map(({ actor_id: id }) => id);
}
