import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { dayOf } from '../../core/zone.ts';
import type { Allowed, Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openRecordObject, openScreenshot, recordFacts } from '../record-facts.ts';
import { sendHead } from './answer-range.ts';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const ENDINGS: Record<string, string> = {
  ...{ 'audio/wav': 'wav', 'audio/flac': 'flac', 'video/mp4': 'mp4' },
};

/** What leaves a record as a file: pictures of the screen, and the masked media. */
export function takeAwayRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const note = (entry: Allowed['entry'], action: string, detail: Record<string, number>) =>
    deps.db
      .transaction()
      .execute((tx) =>
        deps.audit.append(tx, { ...entry, action, detail: { ...entry.detail, ...detail } }),
      );

  app.get<{ Params: { id: string; n: string } }>(
    '/records/:id/screenshots/:n',
    may('attachment'),
    async (request, reply) => {
      const { id, n } = request.params;
      const { facts, pass, entry } = await gate.allowOn(request, 'attachment', () =>
        recordFacts(deps.db, id),
      );
      const ordinal = /^\d{1,3}$/.test(n) ? Number(n) : -1;
      const object = await openScreenshot(deps, facts.id, ordinal, pass);
      const bytes = await object.readRange(0, object.sizeBytes);
      await note(entry, 'record.screenshot', { n: ordinal });
      const { mediaType } = object.stored;
      return reply
        .type(PICTURES.includes(mediaType) ? mediaType : 'application/octet-stream')
        .send(bytes);
    },
  );

  app.get<{ Params: { id: string } }>(
    '/records/:id/download',
    may('download'),
    async (request, reply) => {
      const allowed = () =>
        gate.allowOn(request, 'download', () => recordFacts(deps.db, request.params.id));
      const { facts, pass, entry } = await allowed();
      const object = await openRecordObject(deps, facts.id, 'redacted', pass);
      const manifest = await openManifest(deps, facts.id, pass);
      const { sizeBytes } = object;
      await note(entry, 'record.download', { sizeBytes });
      const { mediaType } = manifest.rendition;
      const ending = ENDINGS[mediaType] ?? 'bin';
      const { year, month, day } = dayOf(deps.timeZone, facts.startedAt);
      const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('');
      const name = `${date}-${facts.id.slice(-12)}.${ending}`;
      const wide = encodeURIComponent(`通话-${name}`);
      reply
        .header('content-length', sizeBytes)
        .header(
          'content-disposition',
          `attachment; filename="call-${name}"; filename*=UTF-8''${wide}`,
        )
        .type(mediaType);
      if (request.method === 'HEAD') return sendHead(reply);
      const bytes = watched(object.stream(), { allowed, clock: deps.clock });
      return reply.send(Readable.from(bytes, { objectMode: false }));
    },
  );
}
