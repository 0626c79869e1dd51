import { type CaseHandlers, CaseIn, ReclassifyIn } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { type Account, listAccounts } from '../../access/index.ts';
import { partyOf } from '../../access/requests/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import { commitmentOf, purposeCommitmentOf } from '../http/commitment.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { recordFacts } from '../record-facts.ts';

type ById = { Params: { id: string } };

/** What people change of a record: its tier, and whose case it is. */
export function recordChangeRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db } = deps;
  const handlers = async (): Promise<Account[]> =>
    (await listAccounts(deps.signIn)).filter(
      (one) => one.role === 'crisis' && one.lockedAt === undefined,
    );
  const on = (id: string) => () => recordFacts(db, id);

  app.post<ById>('/records/:id/reclassify', may('reclassify'), async (request) => {
    const allowed = await gate.allowOn(request, 'reclassify', on(request.params.id));
    const { tier, reason } = check(ReclassifyIn, request.body, 'body');
    const { person } = partyOf(allowed.viewer);
    const state = await deps.changes.reclassify(allowed.facts.id, {
      ...{ tier, person, actor: allowed.entry.actor, requestId: request.id },
      commitment: purposeCommitmentOf(deps.commitmentKey, `${request.id}\0${reason}`),
    });
    return { state };
  });

  app.get('/case-handlers', may('assign_case'), async (request): Promise<CaseHandlers> => {
    await gate.allow(request, 'assign_case');
    const people = await handlers();
    return {
      people: people.map(({ id, displayName, teamId }) => ({
        ...{ id, name: displayName },
        ...(teamId === undefined ? {} : { teamId }),
      })),
      teams: [...new Set(people.flatMap((one) => one.teamId ?? []))].sort(),
    };
  });

  app.post<ById>('/records/:id/case', may('assign_case'), async (request, reply) => {
    const { facts, entry } = await gate.allowOn(request, 'assign_case', on(request.params.id));
    const { actorId, teamId, reason } = check(CaseIn, request.body, 'body');
    const people = await handlers();
    const known = people.some((one) => one.id === actorId || (teamId && one.teamId === teamId));
    if (!known) {
      const field = actorId === undefined ? 'body/teamId' : 'body/actorId';
      throw new ArchiveError('CASE_HANDLER_UNKNOWN', 'is no crisis post', { field });
    }
    const { outboxId } = await db.transaction().execute(async (tx) => {
      const to = { actor_id: actorId ?? null, team_id: teamId ?? null };
      const by = { assigned_by: entry.actor.id, assigned_at: deps.clock.now() };
      await tx
        .insertInto('record_case')
        .values({ record_id: facts.id, ...to, ...by })
        .onConflict((conflict) => conflict.column('record_id').doUpdateSet({ ...to, ...by }))
        .execute();
      return deps.audit.append(tx, {
        ...{ ...entry, action: 'record.assign' },
        detail: {
          ...entry.detail,
          to: actorId ?? commitmentOf(deps.commitmentKey, teamId ?? ''),
          reason: commitmentOf(deps.commitmentKey, `${request.id}\0${reason}`),
        },
      });
    });
    await deps.audit.settle(outboxId);
    return reply.code(204).send();
  });
}
