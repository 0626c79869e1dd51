import type { SignedRequest } from '../../record/grant.ts';
import { keysError } from '../keys-error.ts';
import type { EnrolledPasskey } from './register.ts';
import type { DisposalRun } from './statements.ts';

/**
 * Throws SIGNERS_WRONG unless these passkeys are those of the people who have to sign the request:
 * two approvers, of two persons, neither of them the requester's nor the holder's; for break-glass the
 * requester and one approver.
 */
export function demandSigners(request: SignedRequest, signers: readonly EnrolledPasskey[]): void {
  const wrong = (why: string) => keysError('SIGNERS_WRONG', `request ${request.requestId}: ${why}`);
  const [first, second] = signers;
  if (signers.length !== 2 || first === undefined || second === undefined) {
    throw wrong('two signatures are needed');
  }
  if (first.person === second.person) throw wrong('one person cannot sign twice');
  const { requester } = request;
  const theirs = signers.filter((one) => one.person === requester.person);
  if (request.kind === 'break_glass') {
    const [own] = theirs;
    const other = signers.find((one) => one !== own);
    if (own?.account !== requester.account) throw wrong('the requester has to sign');
    if (other?.approver !== true) throw wrong('an approver has to sign');
    return;
  }
  if (theirs.length > 0) throw wrong('the requester cannot approve');
  if (request.kind === 'mandate' && signers.some((one) => one.person === request.holder.person)) {
    throw wrong('the holder cannot approve');
  }
  if (!signers.every((one) => one.approver)) throw wrong('both have to be approvers');
}

/** Throws SIGNERS_WRONG unless these are two approvers, of two persons, neither of them the proposer. */
export function demandDisposalSigners(
  { runId, proposer }: DisposalRun,
  signers: readonly EnrolledPasskey[],
): void {
  const wrong = (why: string) => keysError('SIGNERS_WRONG', `disposal ${runId}: ${why}`);
  const [first, second] = signers;
  if (signers.length !== 2 || first === undefined || second === undefined) {
    throw wrong('two signatures are needed');
  }
  if (first.person === second.person) throw wrong('one person cannot sign twice');
  if (!signers.every((one) => one.approver)) throw wrong('both have to be approvers');
  if (signers.some((one) => one.person === proposer?.person)) {
    throw wrong('whoever proposed it cannot approve');
  }
}
