import { Readable } from 'node:stream';
import { type Stream, type Ticket, TicketIn } from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { issueTicket, openPlayback, parseRange, watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openRecordObject, recordFacts } from '../record-facts.ts';
import type { Pace } from './pace-media.ts';
import { holderOf, redeemTicket } from './redeem-ticket.ts';

type ById = { Params: { id: string } };

/**
 * Playback of the redacted rendition, on tickets. Each range request is checked again, needs a
 * ticket that is good, and is on the ledger before its bytes leave; the policy is asked on while they
 * do. Nothing is ever cached.
 */
export function mediaRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate, pace: Pace): void {
  const mayStream = (request: FastifyRequest<ById>) =>
    gate.allowOn(request, 'stream', () => recordFacts(deps.db, request.params.id));

  /** Whoever may stream and shows the right ticket; `noted` writes the play into the ledger. */
  const admit = async (request: FastifyRequest<ById>, stream: Stream) => {
    const { viewer, facts, pass, entry } = await mayStream(request);
    const { digest, expiresAt } = await redeemTicket(deps, request, viewer, {
      ...{ recordId: facts.id, stream },
    });
    const noted = (detail: Record<string, string | number>) =>
      deps.db.transaction().execute((tx) =>
        deps.audit.append(tx, {
          ...{ ...entry, action: 'record.play' },
          detail: { ...entry.detail, ...detail, ticket: digest },
        }),
      );
    return { viewer, facts, pass, expiresAt, noted };
  };

  app.post<ById>('/records/:id/ticket', may('stream'), async (request): Promise<Ticket> => {
    const { viewer, facts } = await mayStream(request);
    const { stream } = check(TicketIn, request.body, 'body');
    const bound = { holder: holderOf(viewer), recordId: facts.id, stream };
    const { ticket, expiresAt } = issueTicket(deps.ticketKey, bound, deps.clock.now());
    return { ticket, expiresAt: expiresAt.toISOString() };
  });

  app.get<ById>('/records/:id/media', may('stream'), async (request, reply) => {
    const { viewer, facts, pass, expiresAt, noted } = await admit(request, 'media');
    const [object, manifest] = await Promise.all([
      openRecordObject(deps, facts.id, 'redacted', pass),
      openManifest(deps, facts.id, pass),
    ]);
    const playback = await openPlayback(object, manifest.rendition);
    const range = parseRange(request.headers.range, playback.sizeBytes);
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${playback.sizeBytes}`);
      throw new ArchiveError('RANGE_NOT_SATISFIABLE', 'the range lies beyond the end', {
        field: 'range',
      });
    }
    const start = range?.start ?? 0;
    const end = range?.endExclusive ?? playback.sizeBytes;
    await noted({ start, end });
    reply
      .code(range === undefined ? 200 : 206)
      .header('accept-ranges', 'bytes')
      .header('content-length', end - start)
      .header('content-disposition', 'inline')
      .type(playback.mediaType);
    if (range !== undefined) {
      reply.header('content-range', `bytes ${start}-${end - 1}/${playback.sizeBytes}`);
    }
    if (request.method === 'HEAD') return sendHead(reply);
    const { durationMs } = manifest.media;
    const { sizeBytes } = playback;
    const drawn = pace(playback.read(start, end), {
      ...{ viewer, recordId: facts.id, requestId: request.id, durationMs, sizeBytes, start },
    });
    const bytes = watched(drawn, {
      ...{ allowed: () => mayStream(request), clock: deps.clock },
      endsAt: endOf(expiresAt, (durationMs * (end - start)) / sizeBytes),
    });
    return reply.send(Readable.from(bytes, { objectMode: false }));
  });

  app.get<ById>('/records/:id/media/h264', may('stream'), async (request, reply) => {
    const { viewer, facts, pass, expiresAt, noted } = await admit(request, 'h264');
    const manifest = await openManifest(deps, facts.id, pass);
    if (manifest.rendition.kind !== 'video') {
      throw new ArchiveError('NOT_FOUND', 'the record has no picture', { field: 'id' });
    }
    const object = await openRecordObject(deps, facts.id, 'redacted', pass);
    await noted({ form: 'h264' });
    if (request.method === 'HEAD') return sendHead(reply.type('video/mp4'));
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    const { durationMs } = manifest.media;
    const { sizeBytes } = object;
    // What is made of it has no known size: the pace is kept where the kept form goes in.
    const source = pace(object.stream(), {
      ...{ viewer, recordId: facts.id, requestId: request.id, durationMs, sizeBytes, start: 0 },
    });
    const made = deps.h264({ ...object, stream: () => source }, gone.signal);
    const stream = watched(made, {
      ...{ allowed: () => mayStream(request), clock: deps.clock },
      endsAt: endOf(expiresAt, durationMs),
    });
    return reply.type('video/mp4').send(Readable.from(stream, { objectMode: false }));
  });
}

/** The player's slowest speed. */
const SLOWEST = 0.5;

/** A stream may outlive its ticket by what its media takes to be heard, and no more. */
const endOf = (expiresAt: Date, heardMs: number) =>
  new Date(expiresAt.getTime() + heardMs / SLOWEST);

/** The headers of GET alone; the framework would set a length of nothing. */
const sendHead = (reply: FastifyReply) => reply.send(Readable.from([]));
