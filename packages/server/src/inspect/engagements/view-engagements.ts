import { AuditCheckId, type EngagementsView, type EngagementView, Tier } from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';
import {
  type EngagementRow,
  engagementRow,
  openText,
  stateOf,
  termsIn,
  todayIn,
} from './engagement-row.ts';
import { type Names, namesOf, partyIn } from './names.ts';
import type { EngagementDeps, Onlooker } from './ports.ts';

const MOST = 100;

/** Engagements, the newest first; to an outside auditor the own one alone. */
export async function listEngagements(
  deps: EngagementDeps,
  viewer: Onlooker,
): Promise<EngagementsView> {
  let query = deps.db.selectFrom('engagement').selectAll().orderBy('id', 'desc').limit(MOST);
  if (viewer.engagementId !== undefined) query = query.where('id', '=', viewer.engagementId);
  const rows = await query.execute();
  const engagements: EngagementView[] = [];
  for (const row of rows) engagements.push(await present(deps, row, viewer));
  return { engagements, today: todayIn(deps) };
}

/** One engagement as a list shows it, for who has just changed it. Rejects with ENGAGEMENT_UNKNOWN. */
export async function viewEngagement(
  deps: EngagementDeps,
  id: string,
  viewer: Onlooker,
): Promise<EngagementView> {
  return present(deps, await engagementRow(deps.db, id, viewer), viewer);
}

/** That somebody looked at something of an engagement is on the ledger before it is shown. Rejects with ENGAGEMENT_UNKNOWN. */
export async function noteLook(
  deps: EngagementDeps,
  id: string,
  what: 'engagement' | 'samples' | 'sample' | 'population' | 'evidence' | 'findings',
  viewer: Onlooker,
): Promise<EngagementRow> {
  const row = await engagementRow(deps.db, id, viewer);
  const { actor, requestId } = viewer;
  await deps.db.transaction().execute((tx) =>
    deps.audit.append(tx, {
      ...{ actor, action: 'engagement.view', resource: id, outcome: 'ok', requestId },
      detail: { what },
    }),
  );
  return row;
}

async function present(
  deps: EngagementDeps,
  row: EngagementRow,
  viewer: Onlooker,
): Promise<EngagementView> {
  const { firm, purpose } = termsIn(deps, row);
  const auditors = await deps.db
    .selectFrom('staff')
    .select('actor_id')
    .where('engagement_id', '=', row.id)
    .orderBy('actor_id')
    .execute();
  const accounts = auditors.map(({ actor_id: id }) => id);
  const names = await namesOf(deps.db, [
    ...[row.opened_by, row.confirmed_by, row.closed_by],
    ...accounts,
  ]);
  return {
    ...{ id: row.id, state: stateOf(deps, row), firm, purpose, commitment: row.commitment },
    calls: { from: row.calls_from, to: row.calls_to, tiers: Tier.array().parse(row.tiers) },
    ...{ checks: AuditCheckId.array().parse(row.checks), from: row.from_day, until: row.until_day },
    ...{ openedBy: partyIn(names, row.opened_by), openedAt: row.opened_at.toISOString() },
    ...steps(names, row),
    ...(row.sealed_closing === null
      ? {}
      : { closingReason: openText(deps, row.id, 'closing', row.sealed_closing) }),
    ...{ auditors: accounts.map((id) => partyIn(names, id)), may: mayOf(deps, row, viewer) },
    counts: await countsOf(deps.db, row.id, todayIn(deps)),
  };
}

function steps(names: Names, row: EngagementRow) {
  const { confirmed_by, confirmed_at, closed_by, closed_at } = row;
  return {
    ...(confirmed_by === null ? {} : { confirmedBy: partyIn(names, confirmed_by) }),
    ...(confirmed_at === null ? {} : { confirmedAt: confirmed_at.toISOString() }),
    ...(closed_by === null ? {} : { closedBy: partyIn(names, closed_by) }),
    ...(closed_at === null ? {} : { closedAt: closed_at.toISOString() }),
  };
}

function mayOf(
  deps: EngagementDeps,
  row: EngagementRow,
  { actor, person, engagementId }: Onlooker,
): EngagementView['may'] {
  const state = stateOf(deps, row);
  if (actor.role === 'auditor') {
    const within = state === 'confirmed' && row.from_day <= todayIn(deps);
    return within && engagementId === row.id ? ['examine'] : [];
  }
  if (actor.role !== 'compliance') return [];
  const another = row.opened_by !== actor.id && row.opened_person !== person;
  const may: EngagementView['may'] = [];
  if (state === 'opened' && another && person !== undefined) may.push('confirm');
  if (state !== 'closed') may.push('close');
  if (row.confirmed_at !== null) may.push('answer');
  return may;
}

async function countsOf(
  db: Queryable,
  id: string,
  today: string,
): Promise<EngagementView['counts']> {
  const samples = await db
    .selectFrom('engagement_sample')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('engagement_id', '=', id)
    .executeTakeFirstOrThrow();
  const evidence = await db
    .selectFrom('engagement_evidence')
    .select('due_on')
    .where('engagement_id', '=', id)
    .where('state', '=', 'asked')
    .execute();
  const findings = await db
    .selectFrom('engagement_finding')
    .select('state')
    .where('engagement_id', '=', id)
    .execute();
  return {
    samples: Number(samples.n),
    evidenceOpen: evidence.length,
    evidenceOverdue: evidence.filter(({ due_on: dueOn }) => dueOn < today).length,
    findings: findings.length,
    findingsOpen: findings.filter(({ state }) => state !== 'closed').length,
  };
}
