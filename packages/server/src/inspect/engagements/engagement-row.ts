import { createHmac } from 'node:crypto';
import type { EngagementState } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { EngagementTables } from '../../core/tables/engagements.ts';
import { type Day, dayOf, formatDay, parseDay, startOfDay } from '../../core/zone.ts';
import { engagementError } from './engagement-error.ts';
import type { EngagementDeps, Party } from './ports.ts';

export type EngagementRow = Selectable<EngagementTables['engagement']>;

/** What lies sealed of an engagement. */
export interface Terms {
  firm: string;
  purpose: string;
}

/** The engagement, as far as there is one for whoever asks. Rejects with ENGAGEMENT_UNKNOWN. */
export async function engagementRow(
  db: Queryable,
  id: string,
  viewer?: Pick<Party, 'engagementId'>,
): Promise<EngagementRow> {
  demandSeen(id, viewer);
  const row = await db.selectFrom('engagement').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw unknownEngagement();
  return row;
}

/** The same, locked until the transaction ends. */
export async function lockEngagement(
  tx: Queryable,
  id: string,
  viewer?: Pick<Party, 'engagementId'>,
): Promise<EngagementRow> {
  demandSeen(id, viewer);
  const row = await tx
    .selectFrom('engagement')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw unknownEngagement();
  return row;
}

/**
 * Locks it for one of its own auditors while it is in force. Rejects with ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER for
 * somebody who is no auditor of it, and ENGAGEMENT_STATE.
 */
export async function lockForAuditor(
  deps: Pick<EngagementDeps, 'clock' | 'timeZone'>,
  tx: Tx,
  id: string,
  { engagementId }: Pick<Party, 'engagementId'>,
): Promise<EngagementRow> {
  const row = await lockEngagement(tx, id, { engagementId });
  if (engagementId !== row.id) {
    throw engagementError('ENGAGEMENT_OTHER', 'only the auditors of the engagement do this');
  }
  demandState(row, stateOf(deps, row) === 'confirmed' && row.from_day <= todayIn(deps));
  return row;
}

/** Throws ENGAGEMENT_STATE unless it is as it has to be. */
export function demandState({ state }: EngagementRow, fits: boolean): void {
  if (fits) return;
  throw engagementError('ENGAGEMENT_STATE', `the engagement is ${state}, or not within its days`);
}

/** Closed by somebody, or over by the calendar. */
export function stateOf(
  deps: Pick<EngagementDeps, 'clock' | 'timeZone'>,
  row: Pick<EngagementRow, 'state' | 'until_day'>,
): EngagementState {
  if (row.state === 'closed') return 'closed';
  if (row.until_day < todayIn(deps)) return 'over';
  return row.state === 'confirmed' ? 'confirmed' : 'opened';
}

/** To an outside auditor there is no engagement but their own. */
function demandSeen(id: string, viewer: Pick<Party, 'engagementId'> | undefined): void {
  const own = viewer?.engagementId;
  if (!isUuid(id) || (own !== undefined && own !== id)) throw unknownEngagement();
}

export const unknownEngagement = () =>
  engagementError('ENGAGEMENT_UNKNOWN', 'there is no such engagement', 'id');

/** Each sealed text is bound to what it is of and to its place there. */
export const sealText = (
  { texts }: Pick<EngagementDeps, 'texts'>,
  id: string,
  place: TextPlace,
  text: string,
): Buffer => texts.seal(`${id}/${place}`, Buffer.from(text));

export const openText = (
  { texts }: Pick<EngagementDeps, 'texts'>,
  id: string,
  place: TextPlace,
  sealed: Buffer,
): string => texts.open(`${id}/${place}`, sealed).toString();

type TextPlace = 'terms' | 'closing' | 'wanted' | 'answer' | 'text';

export const termsIn = (deps: Pick<EngagementDeps, 'texts'>, row: EngagementRow): Terms =>
  JSON.parse(openText(deps, row.id, 'terms', row.sealed)) as Terms;

/** Stands in the ledger for a text: its HMAC-SHA256 in hex. */
export const committed = (
  { commitmentKey }: Pick<EngagementDeps, 'commitmentKey'>,
  id: string,
  text: string,
): string => createHmac('sha256', commitmentKey).update(`${id}\0${text}`).digest('hex');

/** Today in the archive's zone. */
export const todayIn = ({ timeZone, clock }: Pick<EngagementDeps, 'timeZone' | 'clock'>): string =>
  formatDay(dayOf(timeZone, clock.now()));

/** When a day begins in the archive's zone, or so many days later. Throws ENGAGEMENT_DAYS_INVALID for what is no day. */
export function startOf(
  { timeZone }: Pick<EngagementDeps, 'timeZone'>,
  day: string,
  later = 0,
): Date {
  const parsed = parseDay(day);
  if (parsed === undefined) throw engagementError('ENGAGEMENT_DAYS_INVALID', 'is no day');
  return startOfDay(timeZone, { ...parsed, day: parsed.day + later });
}

/** How many days from one to another, both counted. */
export function daysWithin(from: string, until: string): number {
  const at = (text: string) => {
    const { year, month, day }: Day = parseDay(text) ?? { year: 1970, month: 1, day: 1 };
    return Date.UTC(year, month - 1, day);
  };
  return Math.round((at(until) - at(from)) / 86_400_000) + 1;
}
