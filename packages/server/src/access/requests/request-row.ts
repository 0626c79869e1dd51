import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Queryable, Tx } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { LONGEST_TO_DECIDE_MS, type SignedRequest } from '../../record/grant.ts';
import { requestError } from './request-error.ts';

export interface RequestRow {
  id: string;
  kind: SignedRequest['kind'];
  state: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked';
  requester_id: string;
  requester_person: string;
  holder_id: string;
  canonical: string;
  purpose_category: string;
  sealed_purpose: Buffer;
  created_at: Date;
  decide_by: Date;
  live_since: Date | null;
  ends_at: Date | null;
  reviewed_at: Date | null;
}

/** The request, locked until the transaction ends. Rejects with REQUEST_UNKNOWN. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRow> {
  const row = isUuid(id)
    ? await tx
        .selectFrom('access_request')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (row === undefined) throw requestError('REQUEST_UNKNOWN', 'there is no such request', 'id');
  return row as RequestRow;
}

/** Rejects with REQUEST_NOT_PENDING, REQUEST_EXPIRED. */
export function demandPending(row: RequestRow, clock: Clock): void {
  if (row.state !== 'pending') {
    throw requestError('REQUEST_NOT_PENDING', `the request is ${row.state}`);
  }
  if (row.decide_by <= clock.now()) {
    throw requestError('REQUEST_EXPIRED', 'the request was not decided in time');
  }
}

/** Whether the row's characters are this request of this requester. */
export function isOwnWords(row: RequestRow, archiveId: string): boolean {
  const said = saidBy(row);
  return (
    said.format === 'voxkeep/access-request/v1' &&
    said.archiveId === archiveId &&
    said.requestId === row.id &&
    said.kind === row.kind &&
    said.requester?.account === row.requester_id
  );
}

/** Whatever the characters of a row say, which need not be a request; empty where they are no object. */
function saidBy(row: Pick<RequestRow, 'canonical'>): Partial<SignedRequest> {
  try {
    return (JSON.parse(row.canonical) as Partial<SignedRequest> | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * Rejects with REQUEST_UNKNOWN when the row's characters are not this request of this requester: nobody
 * is to be asked to sign something else than what they look at.
 */
export function demandOwnWords(row: RequestRow, archiveId: string): void {
  if (isOwnWords(row, archiveId)) return;
  throw requestError('REQUEST_UNKNOWN', 'what the request says is not this request', 'id');
}

/** What the row's characters say. What counts is judged where keys are kept. */
export const requestIn = (row: Pick<RequestRow, 'canonical'>): SignedRequest =>
  JSON.parse(row.canonical) as SignedRequest;

/**
 * Until when something that was signed for a request could count. Rows may say less than was signed:
 * it is never less than the longest that any request waits.
 */
export function lastMoment(row: RequestRow, now: Date): Date {
  const said = saidBy(row) as { validTo?: unknown };
  const validTo = typeof said.validTo === 'string' ? Date.parse(said.validTo) : Number.NaN;
  const moments = [now.getTime() + LONGEST_TO_DECIDE_MS, Number(row.decide_by), validTo];
  return new Date(Math.max(...moments.filter((one) => Math.abs(one) <= LATEST_MS)));
}
/** The last moment that a date can say (ECMA-262). */
const LATEST_MS = 8.64e15;

/** PostgreSQL has moments that no date can say. */
export const isMoment = (at: unknown): boolean => at instanceof Date && !Number.isNaN(Number(at));

/** Decisions of a request, oldest first. */
export function decisionsOf(tx: Queryable, id: string) {
  return tx
    .selectFrom('access_decision')
    .selectAll()
    .where('request_id', '=', id)
    .orderBy('at')
    .orderBy(sql`id`)
    .execute();
}

/** What no second try would change: a request that the key room refuses with these stays without effect. */
export const isFinal = (error: unknown): boolean => FINAL.some((code) => hasCode(error, code));
const FINAL = [
  ...['WARRANT_OVER', 'WARRANT_DAMAGED', 'SIGNERS_WRONG'],
  ...['SIGNATURE_INVALID', 'PASSKEY_NOT_ENROLLED'],
];
