import type { AuditEntry } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import { newUuidV7 } from '../../core/ids.ts';
import type { Assertion } from '../../record/assertion.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { demandReviewed, partyOf } from './ask.ts';
import { hasHandled } from './asked-records.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import {
  decisionsOf,
  demandOwnWords,
  demandPending,
  lastMoment,
  lockRequest,
  type RequestRow,
  requestIn,
} from './request-row.ts';

const NEEDED = 2;

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

async function sign(
  deps: RequestDeps,
  viewer: Viewer,
  decision: 'approved' | 'signed',
  { id, assertion }: { id: string; assertion: Assertion },
  httpRequestId: string,
): Promise<void> {
  const complete = await act(deps, async (tx) => {
    const row = await lockRequest(tx, id);
    demandPending(row, deps.clock);
    demandOwnWords(row, deps.archiveId);
    const before = await decisionsOf(tx, id);
    await demandSigner(tx, viewer, decision, row, before);
    if (row.kind === 'break_glass') await demandReviewed(deps);
    const signer = await deps.warrants.signerOf(row.canonical, assertion);
    if (signer.account !== viewer.actorId || signer.person !== viewer.personRef) {
      throw requestError('SAME_PERSON', 'the passkey is another account’s');
    }
    await insertDecision(deps, tx, viewer, id, decision, { assertion });
    const good = await stillSigned(deps, tx, row, before);
    if (row.kind === 'break_glass' && good.some((one) => one.decision === decision)) {
      throw requestError('SIGNERS_WRONG', 'an approver has signed; now whoever asked has to');
    }
    const assertions = [...good.map((one) => one.assertion as unknown as Assertion), assertion];
    const done = assertions.length >= NEEDED;
    if (done) await putInForce(deps, tx, row);
    return {
      answer: done ? { row, assertions } : undefined,
      entry: entryOf(viewer, row, decision === 'signed' ? 'access.sign' : 'access.approve', {
        ...{ httpRequestId, digest: sha256Hex(row.canonical) },
        more: { passkey: signer.id, signatures: assertions.length, complete: done },
      }),
    };
  });
  if (complete !== undefined) {
    const { row, assertions } = complete;
    await deps.warrants.admit(row.canonical, assertions, deps.clock.now());
  }
}

/**
 * Earlier signatures that still count; one whose passkey was revoked since is taken off, so that the
 * request goes on waiting instead of being approved without effect.
 */
async function stillSigned<T extends { id: string; assertion: unknown }>(
  deps: RequestDeps,
  tx: Tx,
  row: RequestRow,
  before: readonly T[],
): Promise<T[]> {
  const good: T[] = [];
  for (const one of before) {
    const { id, assertion } = one;
    if (assertion === null) continue;
    try {
      await deps.warrants.signerOf(row.canonical, assertion as Assertion);
      good.push(one);
    } catch (error) {
      if (!GONE.some((code) => hasCode(error, code))) throw error;
      await tx.deleteFrom('access_decision').where('id', '=', id).execute();
    }
  }
  return good;
}
const GONE = ['PASSKEY_NOT_ENROLLED', 'SIGNATURE_INVALID'];

/** Who may sign what, beyond the role that lets them try. */
async function demandSigner(
  tx: Tx,
  viewer: Viewer,
  decision: 'approved' | 'signed',
  row: RequestRow,
  before: { actor_id: string; person: string }[],
): Promise<void> {
  const { person, account } = partyOf(viewer);
  if (decision === 'signed') {
    if (row.kind !== 'break_glass' || row.requester_id !== account) {
      throw requestError('NOT_GRANTEE', 'only whoever asked for a break-glass signs it this way');
    }
  } else {
    await demandApprover(tx, person, account, row);
  }
  const own = before.find((one) => one.person === person);
  if (own === undefined) return;
  if (own.actor_id === account) {
    throw requestError('ALREADY_DECIDED', 'this account has decided already');
  }
  throw requestError('SAME_PERSON', 'the same person has decided under another account');
}

/** OWN_REQUEST, HANDLED_RECORD: the rules that a colleague's eyes could not be trusted with. */
export async function demandApprover(
  tx: Tx,
  person: string,
  account: string,
  row: RequestRow,
): Promise<void> {
  const request = requestIn(row);
  const own = [request.requester, ...(request.kind === 'mandate' ? [request.holder] : [])];
  if (own.some((one) => one.person === person || one.account === account)) {
    throw requestError('OWN_REQUEST', 'nobody approves what they themselves asked for');
  }
  if (request.kind !== 'mandate' && (await hasHandled(tx, person, request.records))) {
    throw requestError('HANDLED_RECORD', 'you took part in one of these calls');
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
  const row = await act(deps, async (tx) => {
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
  await deps.warrants.bar(id, lastMoment(row, deps.clock.now()));
}

/** The requester takes back what waits, or the holder gives back what is in force. NOT_GRANTEE. */
export async function withdraw(
  deps: RequestDeps,
  viewer: Viewer,
  id: string,
  httpRequestId: string,
): Promise<void> {
  const row = await act(deps, async (tx) => {
    const found = await lockRequest(tx, id);
    if (found.requester_id !== viewer.actorId && found.holder_id !== viewer.actorId) {
      throw requestError('NOT_GRANTEE', 'only whoever asked, or holds it, gives it back');
    }
    demandUnended(found, deps.clock.now());
    await insertDecision(deps, tx, viewer, id, 'withdrawn', {});
    await setState(tx, id, 'withdrawn');
    const signers = (await decisionsOf(tx, id)).map((one) => one.actor_id);
    await deps.notices.tell(tx, {
      to: { actorIds: signers, except: [viewer.actorId] },
      ...{ kind: 'request.withdrawn', severity: 'info', resource: id },
    });
    return { answer: found, entry: entryOf(viewer, found, 'access.withdraw', { httpRequestId }) };
  });
  await deps.warrants.bar(id, lastMoment(row, deps.clock.now()));
}

/** Whoever oversees ends it, waiting or in force; a stream that runs on it ends within a second. */
export async function revoke(
  deps: RequestDeps,
  viewer: Viewer,
  { id, reason }: { id: string; reason: string },
  httpRequestId: string,
): Promise<void> {
  const row = await act(deps, async (tx) => {
    const found = await lockRequest(tx, id);
    demandUnended(found, deps.clock.now());
    await insertDecision(deps, tx, viewer, id, 'revoked', { reason });
    await setState(tx, id, 'revoked');
    const to = { actorIds: [...new Set([found.requester_id, found.holder_id])] };
    const told = { kind: 'request.revoked', severity: 'info', resource: id } as const;
    await deps.notices.tell(tx, { to, ...told });
    return { answer: found, entry: entryOf(viewer, found, 'access.revoke', { httpRequestId }) };
  });
  await deps.warrants.bar(id, lastMoment(row, deps.clock.now()));
}

function demandUnended(row: RequestRow, now: Date): void {
  if (row.state === 'pending' && row.decide_by > now) return;
  if (row.state === 'approved' && row.ends_at !== null && row.ends_at > now) return;
  throw requestError('REQUEST_NOT_PENDING', 'it has ended already');
}

const setState = (tx: Tx, id: string, state: RequestRow['state']) =>
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
