import type { AccessRequestView, RequestState } from '@voxkeep/contract';
import { sql } from 'kysely';
import { hasCode } from '../../core/errors.ts';
import type { Tier } from '../../record/vocabulary.ts';
import { sqlCondition, type Viewer } from '../policy.ts';
import type { Role } from '../policy-table.ts';
import { hasHandled } from './asked-records.ts';
import type { RequestDeps } from './ports.ts';
import { isMoment, isOwnWords, type RequestRow, requestIn } from './request-row.ts';
import { countSignatures, type DecisionRow } from './signers.ts';

const SHOWN_RECORDS = 50;
type Decision = AccessRequestView['decisions'][number];

/** Requests as a viewer sees them: what was asked, who decided what, and what the viewer may do. */
export async function viewRequests(
  deps: RequestDeps,
  viewer: Viewer,
  all: readonly RequestRow[],
): Promise<AccessRequestView[]> {
  const rows = all.filter((row) => isWhole(deps, row));
  if (rows.length === 0) return [];
  const decisions = await deps.db
    .selectFrom('access_decision')
    .selectAll()
    .where(
      'request_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('at')
    .execute();
  const people = await peopleOf(deps, [
    ...rows.flatMap((row) => [row.requester_id, row.holder_id]),
    ...decisions.map((one) => one.actor_id),
  ]);
  return Promise.all(
    rows.map(async (row) => {
      const state = await stateOf(deps, row);
      const made = decisions.filter((one) => one.request_id === row.id && isMoment(one.at));
      const own = state === 'pending' ? await thatCount(deps, row, made) : made;
      const shown = own.map((one): Decision => {
        const reason = one.sealed_reason && wordsOf(deps, one.id, one.sealed_reason);
        return {
          person: { ...people(one.actor_id), role: one.actor_role as Role },
          decision: one.decision as Decision['decision'],
          at: one.at.toISOString(),
          ...(reason === null || reason === '' ? {} : { reason }),
        };
      });
      const review = await reviewOf(deps, viewer, row);
      const blocked = await whyNot(deps, viewer, row, own);
      return {
        ...termsOf(row, deps),
        ...{ id: row.id, kind: row.kind, state, requester: people(row.requester_id) },
        ...(row.kind === 'mandate' ? { holder: people(row.holder_id) } : {}),
        ...{ decisions: shown, needs: 2, records: await firstRecords(deps, viewer, row) },
        createdAt: row.created_at.toISOString(),
        decideBy: row.decide_by.toISOString(),
        ...(row.live_since === null ? {} : { liveSince: row.live_since.toISOString() }),
        ...(row.ends_at === null ? {} : { endsAt: row.ends_at.toISOString() }),
        awaitsReview: review.awaits,
        may: [
          ...mayDo(viewer, row, state, own, blocked),
          ...(review.mine ? ['review' as const] : []),
        ],
        ...(viewer.role === 'approver' && state === 'pending' && blocked !== undefined
          ? { mayNotApprove: blocked }
          : {}),
      };
    }),
  );
}

/** A row that is no request, or not this one, is as if it were not there: it must not hide the others. */
const isWhole = (deps: RequestDeps, row: RequestRow): boolean =>
  deps.warrants.isRequest(row.canonical) &&
  isOwnWords(row, deps.archiveId) &&
  [row.created_at, row.decide_by, row.live_since, row.ends_at].every(
    (at) => at === null || isMoment(at),
  );

/** What was decided of what waits, without signatures that would not count. */
async function thatCount(
  deps: RequestDeps,
  row: RequestRow,
  decided: readonly DecisionRow[],
): Promise<DecisionRow[]> {
  const { surplus } = await countSignatures(deps, row, decided);
  return decided.filter((one) => !surplus.includes(one.id));
}

/** Words under seal; none where what lies there was not sealed here. */
function wordsOf(deps: RequestDeps, id: string, sealed: Buffer): string {
  try {
    return deps.texts.open(id, sealed).toString();
  } catch (error) {
    if (hasCode(error, 'FIELDS_DAMAGED')) return '';
    throw error;
  }
}

/** What was asked in the requester's own words. */
function purposeOf(deps: RequestDeps, row: RequestRow): { text: string; reference?: string } {
  try {
    return JSON.parse(wordsOf(deps, row.id, row.sealed_purpose)) as { text: string };
  } catch (error) {
    if (error instanceof SyntaxError) return { text: '' };
    throw error;
  }
}

/** Whether a break-glass waits for its review, and whether this viewer could give it: by the key room. */
async function reviewOf(deps: RequestDeps, viewer: Viewer, { id }: RequestRow) {
  const awaits = (await deps.warrants.unreviewed()).includes(id);
  const isParty = (await deps.warrants.partiesOf(id)).includes(viewer.personRef ?? '');
  return { awaits, mine: awaits && viewer.role === 'approver' && !isParty };
}

/** What the request itself says, with its words opened. */
function termsOf(row: RequestRow, deps: RequestDeps) {
  const request = requestIn(row);
  const words = purposeOf(deps, row);
  const { category } = request.purpose;
  const base = { purpose: { category, text: words.text } };
  if (request.kind !== 'mandate') {
    const { fields, minutes, records } = request;
    return { ...base, fields: [...fields], minutes, recordCount: records.length };
  }
  const { industries, issueTypes, from, before } = request.scope;
  return {
    ...{ ...base, fields: [], recordCount: 0 },
    ...{ validFrom: request.validFrom, validTo: request.validTo },
    ...(words.reference === undefined ? {} : { reference: words.reference }),
    scope: {
      ...(industries === undefined ? {} : { industries: [...industries] }),
      ...(issueTypes === undefined ? {} : { issueTypes: [...issueTypes] }),
      from: dayIn(deps.timeZone, from),
      // The last day that is still within.
      to: dayIn(deps.timeZone, new Date(new Date(before).getTime() - 1).toISOString()),
    },
  };
}

const dayIn = (timeZone: string, at: string): string =>
  new Date(at).toLocaleDateString('sv-SE', { timeZone });

async function stateOf(deps: RequestDeps, row: RequestRow): Promise<RequestState> {
  const now = deps.clock.now();
  if (row.state === 'pending') return row.decide_by > now ? 'pending' : 'expired';
  if (row.state !== 'approved') return row.state;
  if (row.ends_at === null || row.ends_at <= now) return 'ended';
  // What the key room does not know is not in force, whatever the row says.
  return (await deps.warrants.isAdmitted(row.id)) ? 'live' : 'ended';
}

/** What a call was about and who took it is told to who oversees, and to who may see the record. */
async function firstRecords(
  deps: RequestDeps,
  viewer: Viewer,
  row: RequestRow,
): Promise<AccessRequestView['records']> {
  const request = requestIn(row);
  if (request.kind === 'mandate') return [];
  const first = request.records.slice(0, SHOWN_RECORDS);
  const now = deps.clock.now();
  const seen = (['access_requests', 'view'] as const).map((action) =>
    sqlCondition(viewer, action, now, deps.timeZone),
  );
  const { rows } = await sql<{ id: string; issue_type: string; agent_id: string }>`
    select c.id, c.issue_type, c.agent_id from call c
    where c.id = any(${first.map((one) => one.id)}::uuid[])
      and c.started_at = any(${first.map((one) => one.startedAt)}::timestamptz[])
      and (${sql.join(seen, sql` or `)})`.execute(deps.db);
  const calls = new Map(rows.map((one) => [one.id, one]));
  return first.map(({ id, tier, startedAt }) => ({
    ...{ id, tier: tier as Tier, startedAt },
    issueType: calls.get(id)?.issue_type ?? '',
    agentId: calls.get(id)?.agent_id ?? '',
  }));
}

type Decided = { actor_id: string; person: string; decision: string };

/** Why this approver may not sign; undefined when they may. */
async function whyNot(
  deps: RequestDeps,
  viewer: Viewer,
  row: RequestRow,
  decided: readonly Decided[],
): Promise<{ code: string; reason: string } | undefined> {
  if (viewer.role !== 'approver') return undefined;
  const { personRef: person, actorId } = viewer;
  const because = (code: string, reason: string) => ({ code, reason });
  if (person === undefined) return because('PERSON_UNKNOWN', 'the account has no person number');
  const request = requestIn(row);
  const own = [request.requester, ...(request.kind === 'mandate' ? [request.holder] : [])];
  if (own.some((one) => one.person === person)) {
    return because('OWN_REQUEST', 'it is your own request');
  }
  const before = decided.find((one) => one.person === person);
  if (before !== undefined) {
    const same = before.actor_id === actorId;
    return because(same ? 'ALREADY_DECIDED' : 'SAME_PERSON', 'you have decided already');
  }
  if (request.kind !== 'mandate' && (await hasHandled(deps.db, person, request.records))) {
    return because('HANDLED_RECORD', 'you took part in one of these calls');
  }
  return undefined;
}

function mayDo(
  viewer: Viewer,
  row: RequestRow,
  state: RequestState,
  decided: readonly Decided[],
  blocked: { code: string } | undefined,
): AccessRequestView['may'] {
  const { actorId, role } = viewer;
  const open = state === 'pending' || state === 'live';
  const mine = row.requester_id === actorId || row.holder_id === actorId;
  const approver = role === 'approver';
  const signed = decided.some((one) => one.actor_id === actorId);
  const may: AccessRequestView['may'] = [];
  if (
    state === 'pending' &&
    row.kind === 'break_glass' &&
    row.requester_id === actorId &&
    !signed
  ) {
    may.push('sign');
  }
  if (state === 'pending' && approver && blocked === undefined) {
    // One approver signs a break-glass; what it waits for then is its requester.
    const approved = decided.some((one) => one.decision === 'approved');
    if (row.kind !== 'break_glass' || !approved) may.push('approve');
    may.push('reject');
  }
  if (open && mine) may.push('withdraw');
  // While it waits, an approver rejects it instead.
  const ends = (approver && state === 'live') || (role === 'compliance' && open);
  if (ends && !mine) may.push('revoke');
  return may;
}

async function peopleOf(deps: RequestDeps, ids: readonly string[]) {
  const rows = await deps.db
    .selectFrom('staff')
    .select(['actor_id', 'display_name', 'role'])
    .where('actor_id', 'in', [...new Set(ids)])
    .execute();
  const known = new Map(rows.map((row) => [row.actor_id, row]));
  return (id: string) => ({
    id,
    name: known.get(id)?.display_name ?? '',
    role: (known.get(id)?.role ?? 'agent') as Role,
  });
}
