import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { openPlayback, parseRange, watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openRecordObject, recordFacts } from '../record-facts.ts';

type ById = { Params: { id: string } };

/**
 * Playback of the redacted rendition. Each range request is checked again and on the ledger before
 * its bytes leave, and checked on while they do; nothing is ever cached.
 */
export function mediaRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const mayStream = (request: FastifyRequest<ById>) =>
    gate.allowOn(request, 'stream', () => recordFacts(deps.db, request.params.id));
  app.get<ById>('/records/:id/media', may('stream'), async (request, reply) => {
    const { viewer, facts } = await mayStream(request);
    const [object, manifest] = await Promise.all([
      openRecordObject(deps, facts.id, 'redacted'),
      openManifest(deps, facts.id),
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
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        actor: { id: viewer.actorId, role: viewer.role },
        ...{ action: 'record.play', resource: facts.id, outcome: 'ok', requestId: request.id },
        detail: { start, end },
      }),
    );
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
    const bytes = watched(playback.read(start, end), () => mayStream(request));
    return reply.send(Readable.from(bytes, { objectMode: false }));
  });

  app.get<ById>('/records/:id/media/h264', may('stream'), async (request, reply) => {
    const { viewer, facts } = await mayStream(request);
    const manifest = await openManifest(deps, facts.id);
    if (manifest.rendition.kind !== 'video') {
      throw new ArchiveError('NOT_FOUND', 'the record has no picture', { field: 'id' });
    }
    const object = await openRecordObject(deps, facts.id, 'redacted');
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        actor: { id: viewer.actorId, role: viewer.role },
        ...{ action: 'record.play', resource: facts.id, outcome: 'ok', requestId: request.id },
        detail: { form: 'h264' },
      }),
    );
    if (request.method === 'HEAD') return sendHead(reply.type('video/mp4'));
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    const stream = watched(deps.h264(object, gone.signal), () => mayStream(request));
    return reply.type('video/mp4').send(Readable.from(stream, { objectMode: false }));
  });
}

/** The headers of GET alone; the framework would set a length of nothing. */
const sendHead = (reply: FastifyReply) => reply.send(Readable.from([]));
