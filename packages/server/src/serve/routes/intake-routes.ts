import type { IntakeReceipt } from '@voxkeep/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import type { CallMetadata } from '../../record/metadata.ts';
import { bodyChunks } from '../http/body-chunks.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { uploadParts } from '../http/upload-parts.ts';
import type { ServeDeps, Upload } from '../ports.ts';

const JSON_BYTES = 4 * 1024 * 1024;
/** A call of hours over a thin line takes its time. */
const UPLOAD = may('ingest', { upload: true });
const PARTS = ['metadata', 'media', 'transcript', 'screenshots'];

/** POST /records (multipart) and POST /vcon: write-only doors for calls. */
export function intakeRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  app.post('/records', UPLOAD, async (request, reply) => {
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
  app.post('/vcon', UPLOAD, async (request, reply) => {
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

/** Takes the parts in any order; one that nobody knows, or that comes again, is refused by name. */
async function readParts(
  request: FastifyRequest,
  deps: ServeDeps,
  upload: Upload,
): Promise<CallMetadata> {
  let metadata: CallMetadata | undefined;
  const seen = new Set<string>();
  for await (const { name, isFile, mediaType, chunks } of uploadParts(request)) {
    const field = name.slice(0, 60);
    if (!PARTS.includes(name)) {
      const known = `"${field}" is not a part; known: ${PARTS.join(', ')}`;
      throw new ArchiveError('REQUEST_INVALID', known, { field });
    }
    if (seen.has(name) && name !== 'screenshots') {
      throw new ArchiveError('REQUEST_INVALID', `${name} is there more than once`, { field });
    }
    seen.add(name);
    if (name === 'metadata') metadata = deps.intake.parseMetadata(await smallText(chunks));
    else if (name === 'transcript') await upload.transcript(chunks);
    else if (!isFile) {
      const file = `${name} must be sent as a file: give the part a file name`;
      throw new ArchiveError('REQUEST_INVALID', file, { field });
    } else if (name === 'media') await upload.media(chunks, mediaType);
    else await upload.screenshot(chunks, mediaType);
  }
  if (metadata === undefined) {
    throw new ArchiveError('METADATA_MISSING', 'the metadata part is missing', {
      field: 'metadata',
    });
  }
  return metadata;
}

/** UTF-8, with or without a byte order mark. */
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
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    const message = 'metadata is not UTF-8 text';
    throw new ArchiveError('METADATA_INVALID', message, { field: 'metadata', cause });
  }
}

async function* one(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
