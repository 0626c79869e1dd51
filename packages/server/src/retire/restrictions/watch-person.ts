import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { phoneDigits } from '../../core/blind-index.ts';
import type { Tx } from '../../core/database.ts';
import type { PersonDeps } from './ports.ts';
import { restrict } from './restrict.ts';

/** By what a person's calls are found: one or both. */
export interface Person {
  phone?: string | undefined;
  account?: string | undefined;
}

/** Which of a person's calls are meant. */
export interface Reach {
  /** Only calls that began before: by number, or by either. A number may be another's by then. */
  phoneBefore: Date;
  accountBefore?: Date;
  /** The account is meant, not whoever called from its number: not calls that name another account. */
  bound: boolean;
}

/** One key for all that waits for late calls; whoever begins to watch goes alone. */
const WATCH_LOCK = 7_320_128;

/**
 * To be asked for before what is watched for is written, in its transaction: calls that are being archived
 * have been by then, and are found; later ones see what is watched for.
 */
export const watchAlone = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(${WATCH_LOCK}::bigint)`.execute(tx);

/** The key of what is watched for, of a lasting secret: the blind indexes' own keys go with their epochs. */
export function watchKeyOf(secret: Buffer): Buffer {
  return createHmac('sha256', secret).update('voxkeep/person-watch/v1').digest();
}

/** HMAC-SHA256 of a number or an account, its first 16 bytes. */
function watchedBy(key: Buffer, field: 'phone' | 'account', value: string): Buffer {
  const plain = field === 'phone' ? phoneDigits(value) : value;
  return createHmac('sha256', key).update(`${field}\0${plain}`).digest().subarray(0, 16);
}

/** Has calls that arrive later restricted for the cause. */
export async function watchPerson(
  deps: Pick<PersonDeps, 'watchKey'>,
  tx: Tx,
  person: Person,
  cause: { id: string; kind: 'closure' | 'erasure' },
  { phoneBefore, accountBefore, bound }: Reach,
): Promise<void> {
  const row = { cause_id: cause.id, kind: cause.kind };
  const rows = [
    ...(person.account === undefined
      ? []
      : [
          {
            ...{ ...row, watched: watchedBy(deps.watchKey, 'account', person.account) },
            ...{ before: accountBefore ?? null, bound: false },
          },
        ]),
    ...(person.phone === undefined
      ? []
      : [
          {
            ...{ ...row, watched: watchedBy(deps.watchKey, 'phone', person.phone) },
            ...{ before: phoneBefore, bound },
          },
        ]),
  ];
  if (rows.length > 0) await tx.insertInto('person_watch').values(rows).execute();
}

/** A call that is archived in this very transaction. */
export interface LateCall extends Person {
  recordId: string;
  startedAt: Date;
}

/** Restricts a call that arrives after its account was closed, or after an erasure was granted. */
export async function restrictLate(
  deps: Omit<PersonDeps, 'indexKeys' | 'texts' | 'db' | 'timeZone'>,
  tx: Tx,
  { recordId, startedAt, phone, account }: LateCall,
): Promise<void> {
  const byPhone = phone === undefined ? undefined : watchedBy(deps.watchKey, 'phone', phone);
  const byAccount =
    account === undefined ? undefined : watchedBy(deps.watchKey, 'account', account);
  const watched = [byPhone, byAccount].filter((one) => one !== undefined);
  if (watched.length === 0) return;
  await sql`select pg_advisory_xact_lock_shared(${WATCH_LOCK}::bigint)`.execute(tx);
  const rows = await tx
    .selectFrom('person_watch')
    .leftJoin('account_closure', 'account_closure.id', 'person_watch.cause_id')
    .select(['watched', 'cause_id', 'kind', 'before', 'bound', 'closed_on'])
    .where('watched', 'in', watched)
    .execute();
  const ofAccount = new Set(
    rows.filter((row) => byAccount?.equals(row.watched)).map((row) => row.cause_id),
  );
  const done = new Set<string>();
  for (const { cause_id: id, kind, before, bound, closed_on: closedOn } of rows) {
    if (done.has(id) || (before !== null && startedAt >= before)) continue;
    if (bound && account !== undefined && !ofAccount.has(id)) continue;
    done.add(id);
    const cause = { id, kind: kind === 'closure' ? 'closure' : 'erasure' } as const;
    await restrict(deps, tx, [recordId], { ...cause, actor: ARCHIVE_ACTOR });
    if (closedOn !== null) await tellClosed(deps, tx, recordId, closedOn, ARCHIVE_ACTOR.id);
  }
}

/** What a closed account is the beginning of: both days that rules can count from. A later day that was told stays. */
export async function tellClosed(
  { tellAnchor }: Pick<PersonDeps, 'tellAnchor'>,
  tx: Tx,
  recordId: string,
  closedOn: string,
  actorId: string,
): Promise<void> {
  const later = await tx
    .selectFrom('record_anchor')
    .select('anchor')
    .where('record_id', '=', recordId)
    .where('day', '>', closedOn)
    .execute();
  for (const anchor of ['account_closure', 'relationship_end'] as const) {
    if (later.some((told) => told.anchor === anchor)) continue;
    await tellAnchor(tx, recordId, anchor, closedOn, actorId);
  }
}
