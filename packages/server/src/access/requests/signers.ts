import type { Tx } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import type { Assertion } from '../../record/assertion.ts';
import type { Viewer } from '../policy.ts';
import { partyOf } from './ask.ts';
import { hasHandled } from './asked-records.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import { type decisionsOf, type RequestRow, requestIn } from './request-row.ts';

/**
 * Earlier signatures that still count. One whose passkey was revoked since, whose account is locked or
 * another's by now, or whose row was planted, is taken off, so that the request goes on waiting instead
 * of being approved without effect.
 */
export async function stillSigned(
  deps: RequestDeps,
  tx: Tx,
  row: RequestRow,
  before: readonly Decision[],
): Promise<{ decision: string; assertion: Assertion }[]> {
  const good = new Map<string, { decision: string; assertion: Assertion }>();
  for (const one of before) {
    if (one.assertion === null) continue;
    const assertion = one.assertion as unknown as Assertion;
    const person = await signedBy(deps, row, one, assertion);
    if (person !== undefined && !good.has(person)) {
      good.set(person, { decision: one.decision, assertion });
    } else {
      await tx.deleteFrom('access_decision').where('id', '=', one.id).execute();
    }
  }
  return [...good.values()];
}
type Decision = Awaited<ReturnType<typeof decisionsOf>>[number];
const GONE = ['PASSKEY_NOT_ENROLLED', 'SIGNATURE_INVALID'];

/** The person whose signature it is, while their account could sign today. */
async function signedBy(
  deps: RequestDeps,
  row: RequestRow,
  decided: Decision,
  assertion: Assertion,
): Promise<string | undefined> {
  try {
    const signer = await deps.warrants.signerOf(row.canonical, assertion);
    const account = await deps.accountOf(signer.account);
    if (signer.account !== decided.actor_id || signer.person !== decided.person) return undefined;
    if (account === undefined || account.locked || account.person !== signer.person)
      return undefined;
    return decided.decision === 'signed' || account.role === 'approver' ? signer.person : undefined;
  } catch (error) {
    if (GONE.some((code) => hasCode(error, code))) return undefined;
    throw error;
  }
}

/**
 * Rejects with REQUEST_UNKNOWN unless who asks, and who would hold it, are whom this archive's own rows
 * have in these accounts: a request that names another person would let its own author approve it.
 */
export async function demandTrueParties(deps: RequestDeps, row: RequestRow): Promise<void> {
  const request = requestIn(row);
  const parties = [request.requester, ...(request.kind === 'mandate' ? [request.holder] : [])];
  for (const { account, person, role } of parties) {
    const known = await deps.accountOf(account);
    if (known?.person === person && known.role === role) continue;
    throw requestError('REQUEST_UNKNOWN', 'the request names somebody who is not there', 'id');
  }
}

/** Who may sign what, beyond the role that lets them try. */
export async function demandSigner(
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
