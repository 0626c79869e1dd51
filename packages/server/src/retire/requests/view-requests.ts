import type {
  SubjectRequestDetail,
  SubjectRequestsView,
  SubjectRequestView,
  SubjectState,
} from '@voxkeep/contract';
import type { Queryable } from '../../core/database.ts';
import { maskAccount, maskPhone } from '../../record/masked.ts';
import { countPerson, restrictedBy } from '../restrictions/index.ts';
import { isWithdrawable } from './decide-request.ts';
import { noteSearch, type Officer } from './enter-request.ts';
import type { SubjectDeps } from './ports.ts';
import {
  askedIn,
  daysBetween,
  daysOn,
  kindOf,
  OPEN_STATES,
  type Outcome,
  openText,
  type RequestRow,
  reachOf,
  requestRow,
  todayIn,
} from './request-row.ts';
import { DAYS_AHEAD } from './tell-deadlines.ts';

export interface RequestFilter {
  state?: string | undefined;
  kind?: string | undefined;
  box: 'all' | 'due' | 'overdue';
  before?: string | undefined;
  limit: number;
}

/** Requests of a box with how many are open, to be answered soon, and overdue. */
export async function listRequests(
  deps: SubjectDeps,
  officer: Officer,
  filter: RequestFilter,
): Promise<SubjectRequestsView> {
  const today = todayIn(deps);
  const { state, kind, box, before, limit } = filter;
  let query = deps.db.selectFrom('subject_request').selectAll();
  if (state !== undefined) query = query.where('state', '=', state);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (box !== 'all') query = query.where('state', 'in', [...OPEN_STATES]).orderBy('answer_by');
  if (box === 'overdue') query = query.where('answer_by', '<', today);
  if (before !== undefined && box === 'all') query = query.where('id', '<', before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const requests: SubjectRequestView[] = [];
  for (const row of page) requests.push(await present(deps, officer, row));
  return {
    ...{ requests, counts: await countOpen(deps.db, today), today },
    ...(box === 'all' && rows.length > limit && last ? { next: last.id } : {}),
  };
}

/** One request as a list shows it. Rejects with SUBJECT_REQUEST_UNKNOWN. */
export async function viewRequest(
  deps: SubjectDeps,
  officer: Officer,
  id: string,
): Promise<SubjectRequestView> {
  return present(deps, officer, await requestRow(deps.db, id));
}

/**
 * One request with what lies sealed, and how many calls are found; both stand in the ledger. Rejects with
 * SUBJECT_REQUEST_UNKNOWN.
 */
export async function openRequest(
  deps: SubjectDeps,
  officer: Officer,
  id: string,
  requestId: string,
): Promise<SubjectRequestDetail> {
  const row = await requestRow(deps.db, id);
  const asked = askedIn(deps, row);
  const { phone, account, identity, note, withMedia, corrections } = asked;
  const { actor } = officer;
  const records = await deps.db.transaction().execute(async (tx) => {
    const found = await countPerson(tx, deps, asked, reachOf(deps, row));
    await noteSearch(deps, tx, id, actor, found);
    await deps.audit.append(tx, {
      ...{ actor, action: 'subject.view', resource: id, outcome: 'ok', requestId },
      detail: { kind: row.kind },
    });
    return found;
  });
  const before = outcomeOf(deps, row);
  return {
    ...(await present(deps, officer, row)),
    ...{ identity, records },
    ...optional('phone', phone),
    ...optional('account', account),
    ...optional('note', note),
    ...optional('withMedia', withMedia),
    ...(corrections === undefined
      ? {}
      : {
          corrections: corrections.map((one) => ({ ...one, ...optional('before', before(one)) })),
        }),
    ...optional('extensionReason', textIn(deps, row, 'extension', row.sealed_extension)),
    ...optional('decisionReason', textIn(deps, row, 'decision', row.sealed_decision)),
    ...optional('withdrawalReason', textIn(deps, row, 'withdrawal', row.sealed_withdrawal)),
  };
}

async function present(
  deps: SubjectDeps,
  { actor, person }: Officer,
  row: RequestRow,
): Promise<SubjectRequestView> {
  const { phone, account } = askedIn(deps, row);
  const today = todayIn(deps);
  const open = isOpen(row);
  const another = row.entered_person !== person && row.entered_by !== actor.id;
  const received = row.state === 'received';
  const copying = row.kind === 'copy' && row.state === 'granted';
  const may: SubjectRequestView['may'] = [];
  if (another && (received || (copying && row.copied_at !== null))) may.push('grant');
  if (received) may.push('refuse');
  if (received && row.extended_at === null) may.push('extend');
  if (isWithdrawable(row)) may.push('withdraw');
  if (copying && row.copied_at === null) may.push('take_copy');
  return {
    ...{ id: row.id, kind: kindOf(row), state: row.state as SubjectState },
    ...optional('phoneMasked', phone && maskPhone(phone)),
    ...optional('accountMasked', account && maskAccount(account)),
    ...{ receivedOn: row.received_on, answerBy: row.answer_by },
    ...(open ? { daysLeft: daysBetween(today, row.answer_by) } : {}),
    overdue: open && row.answer_by < today,
    ...{ enteredBy: row.entered_by, enteredAt: row.entered_at.toISOString() },
    ...optional('extendedAt', row.extended_at?.toISOString()),
    ...optional('decidedBy', row.decided_by ?? undefined),
    ...optional('decidedAt', row.decided_at?.toISOString()),
    ...optional('withdrawnAt', row.withdrawn_at?.toISOString()),
    ...optional('endedAt', row.ended_at?.toISOString()),
    restricted: row.kind === 'erasure' ? await restrictedBy(deps.db, row.id) : 0,
    may,
  };
}

const isOpen = (row: RequestRow) => (OPEN_STATES as readonly string[]).includes(row.state);

async function countOpen(db: Queryable, today: string): Promise<SubjectRequestsView['counts']> {
  const rows = await db
    .selectFrom('subject_request')
    .select(['answer_by'])
    .where('state', 'in', [...OPEN_STATES])
    .execute();
  const soon = daysOn(today, DAYS_AHEAD);
  const overdue = rows.filter((row) => row.answer_by < today).length;
  const due = rows.filter((row) => row.answer_by >= today && row.answer_by <= soon).length;
  return { open: rows.length, dueSoon: due, overdue };
}

function textIn(
  deps: SubjectDeps,
  row: RequestRow,
  place: 'extension' | 'decision' | 'withdrawal',
  sealed: Buffer | null,
): string | undefined {
  return sealed === null ? undefined : openText(deps, row.id, place, sealed);
}

/** What stood in each place before it was corrected; undefined where nothing did, or nothing was done. */
function outcomeOf(
  deps: SubjectDeps,
  row: RequestRow,
): (one: { recordId: string; field: string }) => string | undefined {
  const { id, sealed_outcome: sealed } = row;
  const outcome =
    sealed === null ? [] : (JSON.parse(openText(deps, id, 'outcome', sealed)) as Outcome);
  return ({ recordId, field }) =>
    outcome.find((one) => one.recordId === recordId && one.field === field)?.before ?? undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined | ''): { [P in K]?: V } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: V };
}
