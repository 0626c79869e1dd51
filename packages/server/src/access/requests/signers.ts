import type { Db, Tx } from '../../core/database.ts';
import { hasCode } from '../../core/errors.ts';
import type { Assertion } from '../../record/assertion.ts';
import type { Viewer } from '../policy.ts';
import { partyOf } from './ask.ts';
import { hasHandled } from './asked-records.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';
import { decisionsOf, type RequestRow, requestIn } from './request-row.ts';

/** A signature that counts, and whose it is: by the key that made it, not by its row. */
export interface Counted {
  decision: 'approved' | 'signed';
  actor_id: string;
  person: string;
  assertion: Assertion;
}
export type DecisionRow = Awaited<ReturnType<typeof decisionsOf>>[number];
const SIGNING: readonly string[] = ['approved', 'signed'];
/** What a signature is refused for that was made, but does not count now. */
const WORTHLESS = [
  ...['PASSKEY_NOT_ENROLLED', 'SIGNATURE_INVALID', 'WARRANT_DAMAGED'],
  ...['OWN_REQUEST', 'HANDLED_RECORD'],
];

/**
 * The signatures that would count now, oldest first, one of each person; and the ids of what else says
 * that it signs: of a passkey that was revoked since, of an account that is locked, in another role or
 * another's by now, of who must not approve this one, copied or made up.
 */
export async function countSignatures(
  deps: CountDeps,
  row: RequestRow,
  decided: readonly DecisionRow[],
): Promise<{ counted: Counted[]; surplus: string[] }> {
  const counted: Counted[] = [];
  const surplus: string[] = [];
  for (const one of decided.filter(({ decision }) => SIGNING.includes(decision))) {
    const found = await signedBy(deps, row, one);
    if (found === undefined || counted.some(({ person }) => person === found.person)) {
      surplus.push(one.id);
    } else counted.push(found);
  }
  return { counted, surplus };
}
type CountDeps = Pick<RequestDeps, 'warrants' | 'accountOf'> & { db: Db };

/** The same, and what is surplus is taken off: the request goes on waiting for somebody else. */
export async function stillSigned(
  deps: RequestDeps,
  tx: Tx,
  row: RequestRow,
): Promise<{ counted: Counted[]; takenOff: number }> {
  const decided = await decisionsOf(tx, row.id);
  const { counted, surplus } = await countSignatures({ ...deps, db: tx }, row, decided);
  if (surplus.length > 0) {
    await tx.deleteFrom('access_decision').where('id', 'in', surplus).execute();
  }
  return { counted, takenOff: surplus.length };
}

/** Whose signature it is, while their account could sign this today. */
async function signedBy(
  deps: CountDeps,
  row: RequestRow,
  decided: DecisionRow,
): Promise<Counted | undefined> {
  const { assertion } = decided;
  if (assertion === null) return undefined;
  try {
    const { account, person } = await deps.warrants.signerOf(row.canonical, assertion);
    if (account !== decided.actor_id || person !== decided.person) return undefined;
    const known = await deps.accountOf(account);
    if (known === undefined || known.locked || known.person !== person) return undefined;
    const by = { actor_id: account, person, assertion };
    const { kind, requester } = requestIn(row);
    if (kind === 'break_glass' && account === requester.account) {
      return { decision: 'signed', ...by };
    }
    if (known.role !== 'approver') return undefined;
    await demandApprover(deps.db, person, account, row);
    return { decision: 'approved', ...by };
  } catch (error) {
    if (WORTHLESS.some((code) => hasCode(error, code))) return undefined;
    throw error;
  }
}

/**
 * Of what counts already, what a further signature completes; undefined when it is the first one.
 * Rejects with SIGNERS_WRONG for a second approver of a break-glass: that takes its requester.
 */
export function counterpartOf(
  row: RequestRow,
  decision: Counted['decision'],
  counted: readonly Counted[],
): Counted | undefined {
  if (row.kind !== 'break_glass') return counted[0];
  const other = counted.find((one) => one.decision !== decision);
  if (other !== undefined || counted.length === 0) return other;
  throw requestError('SIGNERS_WRONG', 'an approver has signed; now whoever asked has to');
}

/**
 * Rejects with REQUEST_UNKNOWN unless who asks, and who would hold it, are whom this archive's own rows
 * have in these accounts: a request that names another person would let its own author approve it.
 */
export async function demandTrueParties(
  deps: Pick<RequestDeps, 'accountOf'>,
  row: RequestRow,
): Promise<void> {
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
  counted: readonly Counted[],
): Promise<void> {
  const { person, account } = partyOf(viewer);
  if (decision === 'signed') {
    if (row.kind !== 'break_glass' || row.requester_id !== account) {
      throw requestError('NOT_GRANTEE', 'only whoever asked for a break-glass signs it this way');
    }
  } else {
    await demandApprover(tx, person, account, row);
  }
  const own = counted.find((one) => one.person === person);
  if (own === undefined) return;
  if (own.actor_id === account) {
    throw requestError('ALREADY_DECIDED', 'this account has decided already');
  }
  throw requestError('SAME_PERSON', 'the same person has decided under another account');
}

/** OWN_REQUEST, HANDLED_RECORD: the rules that a colleague's eyes could not be trusted with. */
export async function demandApprover(
  tx: Db,
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
