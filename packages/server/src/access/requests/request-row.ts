import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Tx } from '../../core/database.ts';
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

/**
 * Rejects with REQUEST_UNKNOWN when the row's characters are not this request of this requester: nobody
 * is to be asked to sign something else than what they look at.
 */
export function demandOwnWords(row: RequestRow, archiveId: string): void {
  let said: Partial<SignedRequest> = {};
  try {
    said = JSON.parse(row.canonical) as Partial<SignedRequest>;
  } catch {
    // Refused below, like everything that is not this request.
  }
  const own =
    said.format === 'voxkeep/access-request/v1' &&
    said.archiveId === archiveId &&
    said.requestId === row.id &&
    said.kind === row.kind &&
    said.requester?.account === row.requester_id;
  if (!own)
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
  const floor = now.getTime() + LONGEST_TO_DECIDE_MS;
  return new Date(Math.max(floor, lastMomentSaid(row).getTime()));
}

function lastMomentSaid(row: RequestRow): Date {
  const request = requestIn(row);
  if (request.kind === 'mandate') {
    const validTo = new Date(request.validTo);
    return validTo > row.decide_by ? validTo : row.decide_by;
  }
  return new Date(row.decide_by.getTime() + request.minutes * 60_000);
}

/** Decisions of a request, oldest first. */
export function decisionsOf(tx: Tx, id: string) {
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
