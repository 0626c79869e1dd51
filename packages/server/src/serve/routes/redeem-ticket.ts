import { MediaQuery, type Stream } from '@voxkeep/contract';
import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import { checkTicket, ticketDigest } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';

/** Who may use a ticket: the session it was issued in. */
export const holderOf = ({ sessionId, actorId }: Viewer): string => sessionId ?? actorId;

/**
 * The ticket of a request for media, when it is this viewer's and good. Rejects with REQUEST_INVALID
 * or the codes of tickets; a refused one is on the ledger first, by its digest.
 */
export async function redeemTicket(
  deps: Pick<ServeDeps, 'db' | 'audit' | 'clock' | 'ticketKey'>,
  request: FastifyRequest,
  viewer: Viewer,
  wanted: { recordId: string; stream: Stream; action: string },
): Promise<{ digest: string; expiresAt: Date }> {
  const { ticket } = check(MediaQuery, request.query, 'query');
  const digest = ticket === undefined ? undefined : ticketDigest(ticket);
  const { recordId, stream, action } = wanted;
  const bound = { holder: holderOf(viewer), recordId, stream };
  try {
    const { expiresAt } = checkTicket(deps.ticketKey, bound, ticket, deps.clock.now());
    return { digest: digest ?? '', expiresAt };
  } catch (error) {
    const rule = error instanceof ArchiveError ? error.code : 'INTERNAL';
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        actor: { id: viewer.actorId, role: viewer.role },
        ...{ action, resource: recordId, outcome: 'refused' },
        requestId: request.id,
        detail: {
          rule,
          stream: wanted.stream,
          ...(digest === undefined ? {} : { ticket: digest }),
        },
      }),
    );
    throw error;
  }
}
