import type { Assertion } from '../../record/assertion.ts';
import { LONGEST_TO_DECIDE_MS, type SignedRequest } from '../../record/grant.ts';
import { keysError } from '../keys-error.ts';
import type { EnrolledPasskey, Register } from './register.ts';
import { demandSigners } from './signers.ts';

const MINUTE_MS = 60_000;

/**
 * The register with a request in force whose signatures were checked. Throws SIGNERS_WRONG,
 * WARRANT_DAMAGED for one that could be decided for longer than any, and WARRANT_OVER for a request that was in force before, ended, came too late, or is a second
 * break-glass while the first waits for its review.
 */
export function admitRequest(
  register: Register,
  signed: {
    request: SignedRequest;
    canonical: string;
    assertions: Assertion[];
    signers: readonly EnrolledPasskey[];
    now: Date;
  },
): Register {
  const { request, canonical, assertions, signers, now } = signed;
  demandSigners(request, signers);
  const over = (why: string) => keysError('WARRANT_OVER', `request ${request.requestId} ${why}`);
  const decideBy = new Date(request.decideBy).getTime();
  if (decideBy <= now.getTime()) throw over('was not decided in time');
  // No request waits that long; one that did would outlast the memory of its end.
  if (decideBy > now.getTime() + LONGEST_TO_DECIDE_MS) {
    throw keysError('WARRANT_DAMAGED', `request ${request.requestId} waits for too long`);
  }
  if (register.barred.some((one) => one.id === request.requestId)) throw over('has ended');
  if (request.kind === 'break_glass' && register.unreviewed.length > 0) {
    throw over('has to wait: the last break-glass was not reviewed');
  }
  const term =
    request.kind === 'mandate'
      ? { since: request.validFrom, until: request.validTo }
      : {
          since: now.toISOString(),
          until: new Date(now.getTime() + request.minutes * MINUTE_MS).toISOString(),
        };
  if (new Date(term.until) <= now) throw over('is over');
  const isOver = (one: { until: string }) => new Date(one.until) <= now;
  const emergency = request.kind === 'break_glass';
  return {
    ...register,
    admitted: [
      ...register.admitted.filter((one) => !isOver(one)),
      { canonical, assertions, ...term },
    ],
    // Once is once: what was admitted stays barred for as long as its signatures could count.
    barred: [
      ...register.barred.filter((one) => !isOver(one)),
      { id: request.requestId, until: request.decideBy },
    ],
    unreviewed: emergency ? [...register.unreviewed, request.requestId] : register.unreviewed,
    ...(emergency
      ? { parties: { ...register.parties, [request.requestId]: signers.map((one) => one.person) } }
      : {}),
  };
}
