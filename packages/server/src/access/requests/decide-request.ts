import { sql } from 'kysely';
import type { AuditEntry } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import type { Assertion } from '../../record/assertion.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { demandReviewed, partyOf } from './ask.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import {
  decisionsOf,
  demandOwnWords,
  demandPending,
  isFinal,
  lastMoment,
  lockRequest,
  type RequestRow,
  requestIn,
} from './request-row.ts';
import {
  counterpartOf,
  demandApprover,
  demandSigner,
  demandTrueParties,
  stillSigned,
} from './signers.ts';

/**
 * Approves with a signature over the request's very characters. The second one puts it in force where
 * keys are kept. Rejects with REQUEST_UNKNOWN, REQUEST_NOT_PENDING, REQUEST_EXPIRED, PERSON_UNKNOWN,
 * OWN_REQUEST, SAME_PERSON, ALREADY_DECIDED, HANDLED_RECORD, BREAK_GLASS_TO_REVIEW, SIGNERS_WRONG for
 * a second approver of a break-glass, and the key room's SIGNATURE_INVALID and PASSKEY_NOT_ENROLLED.
 */
export const approve = (
  deps: RequestDeps,
  viewer: Viewer,
  signed: { id: string; assertion: Assertion },
  httpRequestId: string,
): Promise<void> => sign(deps, viewer, 'approved', signed, httpRequestId);

/** The requester's own signature, which break-glass needs. NOT_GRANTEE, and as `approve`. */
export const signOwn = (
  deps: RequestDeps,
  viewer: Viewer,
  signed: { id: string; assertion: Assertion },
  httpRequestId: string,
): Promise<void> => sign(deps, viewer, 'signed', signed, httpRequestId);

interface Signed {
  id: string;
  assertion: Assertion;
}

/** Break-glass in turns: of two that are completed at the same moment the second finds the first in force. */
async function sign(
  deps: RequestDeps,
  viewer: Viewer,
  decision: 'approved' | 'signed',
  signed: Signed,
  httpRequestId: string,
): Promise<void> {
  const inTurn = () => signInTurn(deps, viewer, decision, signed, httpRequestId);
  const isBreakGlass = await deps.db
    .selectFrom('access_request')
    .select('id')
    .where(sql<string>`id::text`, '=', signed.id)
    .where('kind', '=', 'break_glass')
    .executeTakeFirst();
  await (isBreakGlass === undefined ? inTurn() : oneAtATime(deps.db, inTurn));
}

async function signInTurn(
  deps: RequestDeps,
  viewer: Viewer,
  decision: 'approved' | 'signed',
  { id, assertion }: Signed,
  httpRequestId: string,
): Promise<void> {
  const complete = await act(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    demandPending(row, deps.clock);
    demandOwnWords(row, deps.archiveId);
    await demandTrueParties(deps, row);
    const { counted, takenOff } = await stillSigned(deps, tx, row);
    await demandSigner(tx, viewer, decision, row, counted);
    if (row.kind === 'break_glass') await demandReviewed(deps);
    const signer = await deps.warrants.signerOf(row.canonical, assertion);
    if (signer.account !== viewer.actorId || signer.person !== viewer.personRef) {
      throw requestError('SAME_PERSON', 'the passkey is another account’s');
    }
    const other = counterpartOf(row, decision, counted);
    await insertDecision(deps, tx, viewer, id, decision, { assertion });
    const assertions = [...(other === undefined ? [] : [other.assertion]), assertion];
    const done = other !== undefined;
    if (done) {
      await deps.warrants.wouldAdmit(row.canonical, assertions, deps.clock.now());
      await putInForce(deps, tx, row);
    }
    return {
      answer: done ? { row, assertions } : undefined,
      entry: entryOf(viewer, row, decision === 'signed' ? 'access.sign' : 'access.approve', {
        ...{ httpRequestId, digest: sha256Hex(row.canonical) },
        more: {
          ...{ passkey: signer.id, signatures: assertions.length, complete: done },
          ...(takenOff === 0 ? {} : { takenOff }),
        },
      }),
    };
  });
  if (complete === undefined) return;
  const { row, assertions } = complete;
  const now = deps.clock.now();
  try {
    await deps.warrants.admit(row.canonical, assertions, now);
  } catch (error) {
    // Another got there first. What did not come into force now must not at the next start.
    if (!isFinal(error)) throw error;
    await deps.warrants.bar(row.id, lastMoment(row, now));
    await deps.db.transaction().execute((tx) => setState(tx, row.id, 'revoked'));
    throw error;
  }
}

async function putInForce(deps: RequestDeps, tx: Tx, row: RequestRow): Promise<void> {
  const request = requestIn(row);
  const now = deps.clock.now();
  const term =
    request.kind === 'mandate'
      ? { live_since: new Date(request.validFrom), ends_at: new Date(request.validTo) }
      : { live_since: now, ends_at: new Date(now.getTime() + request.minutes * 60_000) };
  await tx
    .updateTable('access_request')
    .set({ state: 'approved', ...term })
    .where('id', '=', row.id)
    .execute();
  const to = { actorIds: [...new Set([row.requester_id, row.holder_id])] };
  const about = { resource: row.id };
  await deps.notices.tell(tx, { to, kind: 'request.approved', severity: 'info', ...about });
  if (row.kind !== 'break_glass') return;
  const everyone = { roles: ['approver', 'compliance'] as const };
  const alarm = { severity: 'alarm' as const, ...about };
  await deps.notices.tell(tx, { to: everyone, kind: 'break_glass.used', ...alarm });
  const parties = (await decisionsOf(tx, row.id)).map((one) => one.actor_id);
  await deps.notices.tell(tx, {
    to: { roles: ['approver'], except: parties },
    ...{ kind: 'break_glass.to_review', severity: 'action', ...about },
  });
}

/** One rejection ends a request. Codes as `approve`, without signatures. */
export async function reject(
  deps: RequestDeps,
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
  httpRequestId: string,
): Promise<void> {
  await endBy(deps, async (tx) => {
    const found = await lockRequest(tx, id);
    demandPending(found, deps.clock);
    const { person, account } = partyOf(viewer);
    await demandApprover(tx, person, account, found);
    await insertDecision(deps, tx, viewer, id, 'rejected', { reason });
    await setState(tx, id, 'rejected');
    const told = { kind: 'request.rejected', severity: 'info', resource: id } as const;
    await deps.notices.tell(tx, { to: { actorIds: [found.requester_id] }, ...told });
    return { answer: found, entry: entryOf(viewer, found, 'access.reject', { httpRequestId }) };
  });
}

/** An end, which holds in the key room as soon as it is committed, and not only once it is on paper. */
export async function endBy(
  deps: RequestDeps,
  work: (tx: Tx) => Promise<{ answer: RequestRow; entry: AuditEntry }>,
): Promise<void> {
  let ended: RequestRow | undefined;
  const kept = async (tx: Tx) => {
    const done = await work(tx);
    ended = done.answer;
    return done;
  };
  await act(deps, kept, async () => {
    if (ended !== undefined) {
      await deps.warrants.bar(ended.id, lastMoment(ended, deps.clock.now()));
    }
  });
}

export const setState = (tx: Tx, id: string, state: RequestRow['state']) =>
  tx.updateTable('access_request').set({ state }).where('id', '=', id).execute();

export async function insertDecision(
  deps: Pick<RequestDeps, 'clock' | 'random' | 'texts'>,
  tx: Tx,
  viewer: Viewer,
  requestId: string,
  decision: string,
  { assertion, reason }: { assertion?: Assertion; reason?: string | undefined },
): Promise<void> {
  const id = newUuidV7(deps.clock, deps.random);
  await tx
    .insertInto('access_decision')
    .values({
      ...{ id, request_id: requestId, decision, at: deps.clock.now() },
      ...{ actor_id: viewer.actorId, actor_role: viewer.role, person: viewer.personRef ?? '' },
      assertion: assertion === undefined ? null : JSON.stringify(assertion),
      sealed_reason: reason === undefined ? null : deps.texts.seal(id, Buffer.from(reason)),
    })
    .execute();
}

export const entryOf = (
  viewer: Viewer,
  row: RequestRow,
  action: string,
  {
    httpRequestId,
    digest,
    more = {},
  }: {
    httpRequestId: string;
    digest?: string;
    more?: NonNullable<AuditEntry['detail']>;
  },
): AuditEntry => ({
  ...{ actor: { id: viewer.actorId, role: viewer.role }, action, resource: row.id },
  ...{ outcome: 'ok', requestId: httpRequestId, purpose: { category: row.purpose_category } },
  detail: { kind: row.kind, ...(digest === undefined ? {} : { digest }), ...more },
});
