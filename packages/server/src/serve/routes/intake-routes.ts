import type { IntakeReceipt } from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import type { CallMetadata } from '../../record/metadata.ts';
import { bodyChunks } from '../http/body-chunks.ts';
import type { Gate } from '../http/gate.ts';
import type { ServeDeps, Upload } from '../ports.ts';

const JSON_BYTES = 4 * 1024 * 1024;
const PARTS = ['metadata', 'media', 'transcript', 'screenshots'];

/** POST /records (multipart) and POST /vcon: write-only doors for calls. */
export function intakeRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.post('/records', async (request, reply) => {
    const viewer = await gate.allow(request, 'ingest');
    const upload = deps.intake.open();
    try {
      const metadata = await readParts(request, deps, upload);
      const actor = { id: viewer.actorId, role: viewer.role };
      return reply.code(201).send(await finish(upload, metadata, actor, request, reply));
    } catch (error) {
      await upload.abandon();
      throw error;
    }
  });

  app.register(async (scope) => {
    // vCon bodies may be gzip and larger than other JSON: the parser reads the stream itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    vconRoute(scope, deps, gate);
  });
}

function vconRoute(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.post('/vcon', async (request, reply) => {
    const viewer = await gate.allow(request, 'ingest');
    const vcon = await deps.intake.parseVcon(bodyChunks(request.raw));
    const upload = deps.intake.open();
    try {
      await upload.media(one(vcon.media.bytes), vcon.media.mediaType);
      if (vcon.transcript !== undefined) await upload.transcript(one(vcon.transcript));
      const actor = { id: viewer.actorId, role: viewer.role };
      return reply.code(201).send(await finish(upload, vcon.metadata, actor, request, reply));
    } catch (error) {
      await upload.abandon();
      throw error;
    }
  });
}

async function finish(
  upload: Upload,
  metadata: CallMetadata,
  actor: { id: string; role: string },
  request: FastifyRequest,
  reply: { code(status: number): unknown; header(name: string, value: string): unknown },
): Promise<IntakeReceipt> {
  const receipt = await upload.commit(metadata, actor, request.id);
  reply.code(receipt.created ? 201 : 200);
  reply.header('location', `/api/v1/records/${receipt.id}/status`);
  return receipt;
}

/** Takes the parts in any order; a part that nobody knows is refused by its name. */
async function readParts(
  request: FastifyRequest,
  deps: ServeDeps,
  upload: Upload,
): Promise<CallMetadata> {
  let metadata: CallMetadata | undefined;
  for await (const part of request.parts()) {
    if (!PARTS.includes(part.fieldname)) {
      const known = `"${part.fieldname.slice(0, 60)}" is not a part; known: ${PARTS.join(', ')}`;
      throw new ArchiveError('REQUEST_INVALID', known, { field: part.fieldname.slice(0, 60) });
    }
    if (part.fieldname === 'metadata') {
      const text =
        part.type === 'field' ? String(part.value) : await smallText(bodyChunks(part.file));
      metadata = deps.intake.parseMetadata(text);
      continue;
    }
    if (part.type === 'field') {
      if (part.fieldname === 'transcript') {
        await upload.transcript(one(Buffer.from(String(part.value))));
        continue;
      }
      const file = `${part.fieldname} must be sent as a file`;
      throw new ArchiveError('REQUEST_INVALID', file, { field: part.fieldname });
    }
    const chunks = bodyChunks(part.file);
    if (part.fieldname === 'media') await upload.media(chunks, part.mimetype);
    else if (part.fieldname === 'transcript') await upload.transcript(chunks);
    else await upload.screenshot(chunks, part.mimetype);
  }
  if (metadata === undefined) {
    throw new ArchiveError('METADATA_MISSING', 'the metadata part is missing', {
      field: 'metadata',
    });
  }
  return metadata;
}

async function smallText(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > JSON_BYTES) {
      throw new ArchiveError('BODY_TOO_LARGE', `metadata is at most ${JSON_BYTES} bytes`, {
        field: 'metadata',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
