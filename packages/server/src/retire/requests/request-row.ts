import { createHmac } from 'node:crypto';
import type { Correction, SubjectKind } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { SubjectTables } from '../../core/tables/subjects.ts';
import { type Day, dayOf, formatDay, parseDay, startOfDay } from '../../core/zone.ts';
import { addPeriod } from '../calendar-day.ts';
import type { Person, Reach } from '../restrictions/index.ts';
import type { SubjectDeps } from './ports.ts';
import { subjectError } from './subject-error.ts';

export type RequestRow = Selectable<SubjectTables['subject_request']>;

/** What was asked, as it lies sealed. */
export interface Asked extends Person {
  identity: string;
  note?: string | undefined;
  withMedia?: boolean | undefined;
  corrections?: Correction[] | undefined;
}

/** What stood there before a correction. */
export type Outcome = (Correction & { before: string | null })[];

/** The request, locked until the transaction ends. Rejects with SUBJECT_REQUEST_UNKNOWN. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRow> {
  if (!isUuid(id)) throw unknown();
  const row = await tx
    .selectFrom('subject_request')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw unknown();
  return row;
}

/** Rejects with SUBJECT_REQUEST_UNKNOWN. */
export async function requestRow(db: Queryable, id: string): Promise<RequestRow> {
  if (!isUuid(id)) throw unknown();
  const query = db.selectFrom('subject_request').selectAll().where('id', '=', id);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw unknown();
  return row;
}

const unknown = () => subjectError('SUBJECT_REQUEST_UNKNOWN', 'there is no such request', 'id');

/** Each sealed text is bound to its request and to its place there. */
export const sealText = (
  { texts }: Pick<SubjectDeps, 'texts'>,
  id: string,
  place: 'asked' | 'extension' | 'decision' | 'withdrawal' | 'outcome',
  text: string,
): Buffer => texts.seal(`${id}/${place}`, Buffer.from(text));

export function openText(
  { texts }: Pick<SubjectDeps, 'texts'>,
  id: string,
  place: 'asked' | 'extension' | 'decision' | 'withdrawal' | 'outcome',
  sealed: Buffer,
): string {
  return texts.open(`${id}/${place}`, sealed).toString();
}

export const askedIn = (deps: Pick<SubjectDeps, 'texts'>, row: RequestRow): Asked =>
  JSON.parse(openText(deps, row.id, 'asked', row.sealed)) as Asked;

/** Stands in the ledger for a text: its HMAC-SHA256 in hex. */
export const committed = (
  { commitmentKey }: Pick<SubjectDeps, 'commitmentKey'>,
  id: string,
  text: string,
): string => createHmac('sha256', commitmentKey).update(`${id}\0${text}`).digest('hex');

/** Calls until the day on which it was granted, or until today: later ones are another matter. */
export function reachOf(
  { timeZone, clock }: Pick<SubjectDeps, 'timeZone' | 'clock'>,
  row: Pick<RequestRow, 'state' | 'decided_at'>,
): Reach {
  const day = dayOf(timeZone, row.decided_at ?? clock.now());
  const before = startOfDay(timeZone, { ...day, day: day.day + 1 });
  return { phoneBefore: before, accountBefore: before, bound: false };
}

/** Today in the archive's zone. */
export const todayIn = ({ timeZone, clock }: Pick<SubjectDeps, 'timeZone' | 'clock'>): string =>
  formatDay(dayOf(timeZone, clock.now()));

export const daysOn = (day: string, days: number): string =>
  formatDay(addPeriod(dayIn(day), { days }));

/** From one day to another; negative when that one is earlier. */
export function daysBetween(from: string, to: string): number {
  const [start, end] = [from, to].map((one) => {
    const { year, month, day } = dayIn(one);
    return Date.UTC(year, month - 1, day);
  }) as [number, number];
  return Math.round((end - start) / 86_400_000);
}

const dayIn = (text: string): Day => parseDay(text) ?? { year: 1970, month: 1, day: 1 };

/** What is not answered yet. */
export const OPEN_STATES = ['received', 'granted'] as const;

export const kindOf = (row: Pick<RequestRow, 'kind'>): SubjectKind => row.kind as SubjectKind;
