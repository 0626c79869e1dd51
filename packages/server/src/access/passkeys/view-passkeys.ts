import type { PasskeyView } from '@voxkeep/contract';
import type { Viewer } from '../policy.ts';
import type { Role } from '../policy-table.ts';
import type { PasskeyDeps } from './ports.ts';

/** Passkeys as a viewer sees them: one's own, or everybody's. */
export async function viewPasskeys(
  deps: PasskeyDeps,
  viewer: Viewer,
  box: 'mine' | 'all',
  id?: string,
): Promise<PasskeyView[]> {
  const founding = await deps.warrants.isFounding();
  const enrolled = new Set((await deps.warrants.passkeys()).map((one) => one.id));
  let query = deps.db.selectFrom('passkey').selectAll();
  if (box === 'mine') query = query.where('actor_id', '=', viewer.actorId);
  if (id !== undefined) query = query.where('id', '=', id);
  const rows = await query.orderBy('created_at', 'desc').limit(500).execute();
  if (rows.length === 0) return [];
  const confirmations = await deps.db
    .selectFrom('passkey_confirmation')
    .selectAll()
    .where(
      'passkey_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('at')
    .execute();
  const people = await deps.db
    .selectFrom('staff')
    .select(['actor_id', 'display_name', 'role'])
    .where('actor_id', 'in', [...new Set([...rows, ...confirmations].map((row) => row.actor_id))])
    .execute();
  const person = (actorId: string) => {
    const found = people.find((one) => one.actor_id === actorId);
    return { id: actorId, name: found?.display_name ?? '', role: (found?.role ?? 'agent') as Role };
  };
  return rows.map((row) => {
    const own = confirmations.filter((one) => one.passkey_id === row.id);
    // A row that says more than the register counts for nothing.
    const state = row.state === 'enrolled' && !enrolled.has(row.id) ? 'revoked' : row.state;
    const confirmed = own.some((one) => one.person === viewer.personRef);
    const confirms = founding
      ? viewer.role === 'admin' || viewer.role === 'compliance' || viewer.role === 'approver'
      : viewer.role === 'approver';
    const may: PasskeyView['may'] = [];
    if (state === 'awaiting' && confirms && !confirmed && row.person !== viewer.personRef) {
      may.push('confirm');
    }
    const oversees = ['admin', 'compliance', 'approver'].includes(viewer.role);
    if (state !== 'revoked' && (row.actor_id === viewer.actorId || oversees)) may.push('revoke');
    return {
      ...{ id: row.id, owner: person(row.actor_id), label: row.label },
      ...{ state: state as PasskeyView['state'], createdAt: row.created_at.toISOString() },
      ...(row.enrolled_at === null ? {} : { enrolledAt: row.enrolled_at.toISOString() }),
      ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at.toISOString() }),
      confirmedBy: own.map((one) => ({ ...person(one.actor_id), role: one.actor_role as Role })),
      ...(state === 'awaiting'
        ? { confirmWith: viewer.role === 'approver' ? ('passkey' as const) : ('password' as const) }
        : {}),
      ...(may.includes('confirm') ? { statement: row.canonical } : {}),
      may,
    };
  });
}
