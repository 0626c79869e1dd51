import { Readable } from 'node:stream';
import { type Stream, type Ticket, TicketIn } from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Action } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { check } from '../http/check.ts';
import type { Gate } from '../http/gate.ts';
import { may, noteJudged } from '../http/route-rule.ts';
import { issueTicket, openPlayback, watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openOriginal, openRecordObject, recordFacts } from '../record-facts.ts';
import { answerRange, sendHead } from './answer-range.ts';
import type { Pace } from './pace-media.ts';
import { holderOf, redeemTicket } from './redeem-ticket.ts';

type ById = { Params: { id: string } };

/** Which action a stream is, and as what it stands in the ledger. */
const ACTION_OF = { media: 'stream', h264: 'stream', original: 'original' } as const;
const NOTED_AS = { stream: 'record.play', original: 'record.original' } as const;
const STREAMED = ['stream', 'original'] as const satisfies Action[];

/**
 * Media, on tickets: the redacted rendition, and the original for who has a grant. Each range request
 * is checked again, needs a ticket that is good, and is on the ledger before its bytes leave; the
 * policy is asked on while they do. Nothing is ever cached.
 */
export function mediaRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate, pace: Pace): void {
  const allowed = (request: FastifyRequest<ById>, stream: Stream) =>
    gate.allowOn(request, ACTION_OF[stream], () => recordFacts(deps.db, request.params.id));

  /** Whoever may have the stream and shows the right ticket; `noted` writes it into the ledger. */
  const admit = async (request: FastifyRequest<ById>, stream: Stream) => {
    const { viewer, facts, pass, entry } = await allowed(request, stream);
    const action = NOTED_AS[ACTION_OF[stream]];
    const { digest, expiresAt } = await redeemTicket(deps, request, viewer, {
      ...{ recordId: facts.id, stream, action },
    });
    const noted = (detail: Record<string, string | number>) =>
      deps.db.transaction().execute((tx) =>
        deps.audit.append(tx, {
          ...{ ...entry, action },
          detail: { ...entry.detail, ...detail, ticket: digest },
        }),
      );
    /** What leaves, while its viewer may still have it, and not much longer than it takes to hear. */
    const send = (source: AsyncIterable<Uint8Array>, heardMs: number) => {
      const endsAt = new Date(expiresAt.getTime() + heardMs / SLOWEST);
      const bounds = { allowed: () => allowed(request, stream), clock: deps.clock, endsAt };
      return Readable.from(watched(source, bounds), { objectMode: false });
    };
    const answer = { viewer, recordId: facts.id, requestId: request.id, stream };
    return { viewer, facts, pass, answer, noted, send };
  };

  app.post<ById>('/records/:id/ticket', may(STREAMED), async (request): Promise<Ticket> => {
    await gate.viewer(request);
    const { stream } = check(TicketIn, request.body, 'body');
    const { viewer, facts } = await allowed(request, stream);
    noteJudged(request, STREAMED);
    const bound = { holder: holderOf(viewer), recordId: facts.id, stream };
    const { ticket, expiresAt } = issueTicket(deps.ticketKey, bound, deps.clock.now());
    return { ticket, expiresAt: expiresAt.toISOString() };
  });

  app.get<ById>('/records/:id/media', may('stream'), async (request, reply) => {
    const { facts, pass, answer, noted, send } = await admit(request, 'media');
    const [object, manifest] = await Promise.all([
      openRecordObject(deps, facts.id, 'redacted', pass),
      openManifest(deps, facts.id, pass),
    ]);
    const playback = await openPlayback(object, manifest.rendition);
    const { start, end } = answerRange(request, reply, playback);
    await noted({ start, end });
    if (request.method === 'HEAD') return sendHead(reply);
    const { durationMs } = manifest.media;
    const { sizeBytes } = playback;
    const drawn = pace(playback.read(start, end), { ...answer, durationMs, sizeBytes, start });
    return reply.send(send(drawn, (durationMs * (end - start)) / sizeBytes));
  });

  app.get<ById>('/records/:id/media/h264', may('stream'), async (request, reply) => {
    const { facts, pass, answer, noted, send } = await admit(request, 'h264');
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
    const source = pace(object.stream(), { ...answer, durationMs, sizeBytes, start: 0 });
    const made = deps.h264({ ...object, stream: () => source }, gone.signal);
    return reply.type('video/mp4').send(send(made, durationMs));
  });

  app.get<ById>('/records/:id/original', may('original'), async (request, reply) => {
    const { viewer, facts, pass, answer, noted, send } = await admit(request, 'original');
    const { object, durationMs } = await openOriginal(deps, facts.id, pass);
    const { sizeBytes } = object;
    const mediaType = playedType(object.stored.mediaType);
    const { start, end } = answerRange(request, reply, { sizeBytes, mediaType });
    await noted({ start, end });
    // Unmasked, and so marked with whose it is, wherever it is kept with its headers.
    const mark = `${encodeURIComponent(viewer.username)}; ${deps.clock.now().toISOString()}`;
    reply.header('x-voxkeep-watermark', `${mark}; ${request.id}`);
    if (request.method === 'HEAD') return sendHead(reply);
    const source = object.stream(start, end);
    const drawn = pace(source, { ...answer, durationMs, sizeBytes, start });
    return reply.send(send(drawn, (durationMs * (end - start)) / Math.max(1, sizeBytes)));
  });
}

/** The player's slowest speed. */
const SLOWEST = 0.5;

/** The type as the sender gave it, where a browser could make nothing of it but sound or picture. */
const playedType = (mediaType: string) =>
  /^(?:audio|video)\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
