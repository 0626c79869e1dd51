import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ACCESS_STATUS, authenticate, issueApiKey } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import { parseVcon } from '../../connect/vcon/index.ts';
import { systemClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { type IntakeScene, intakeScene } from '../../intake/intake-scene.testing.ts';
import { checkMetadata, parseMetadata } from '../../intake/parse-metadata.ts';
import { openUpload } from '../../intake/receive-record.ts';
import { ownCertificate } from '../../platform/tls/own-certificate.ts';
import { createServer } from '../http/create-server.ts';
import { createGate } from '../http/gate.ts';
import type { ServeDeps } from '../ports.ts';
import { intakeRoutes } from './intake-routes.ts';

export const MEDIA_BYTES = 5 * 1024 * 1024;
const SMALL = { mediaBytes: MEDIA_BYTES, transcriptBytes: 4096, screenshotBytes: 4096 };
export const BOUNDARY = 'test-boundary';

export interface Part {
  name: string;
  body: Buffer | string;
  type?: string;
  /** Sent as a form field, without a file name. */
  field?: boolean;
}

export let scene: IntakeScene;
export let app: FastifyInstance;
let key: string;

/** The doors of intake, small enough to be overfilled, over an empty archive. */
export async function openIntakeDoors(): Promise<void> {
  scene = await intakeScene(SMALL);
  const { db } = scene.database;
  const tools = { db, clock: systemClock, random: systemRandom, seals: testSeals() };
  const createdBy = '0198a1b2-0000-7000-8000-00000000000a';
  key = (await issueApiKey(tools, { name: 'pbx', createdBy, expiresInDays: 1 })).key;
  const certificate = await ownCertificate({
    ...{ folder: join(scene.folder, 'tls'), keyFolder: join(scene.folder, 'tls-keys') },
    ...{ hostNames: ['localhost'], clock: systemClock },
  });
  const intake: ServeDeps['intake'] = {
    open() {
      const upload = openUpload(scene.intake);
      return {
        ...upload,
        async commit(metadata, actor, requestId) {
          const receipt = await upload.commit(metadata, actor, requestId);
          return { ...receipt, receivedAt: receipt.receivedAt.toISOString() };
        },
      };
    },
    parseMetadata,
    async parseVcon(body) {
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      const vcon = parseVcon(Buffer.concat(parts), { maxBytes: 4 * MEDIA_BYTES });
      return { metadata: checkMetadata(vcon.metadata), media: vcon.media };
    },
  };
  const warrants = { liveFor: async () => ({ grants: [], mandates: [] }) };
  const deps = { ...tools, warrants, audit: scene.intake.audit, timeZone: 'Asia/Shanghai', intake };
  const gate = createGate(deps, (request) => authenticate(tools as never, request.headers));
  app = await createServer({
    ...{ key: certificate.key, certificate: certificate.chain, mediaBytes: MEDIA_BYTES },
    ...{ webFolder: undefined, extraStatus: ACCESS_STATUS, operations: () => undefined },
    ...{ onRequest: () => undefined, onFailure: () => undefined },
    api: (api) => intakeRoutes(api, deps as never, gate),
  });
  await app.ready();
}
export async function closeIntakeDoors(): Promise<void> {
  await app.close();
  await scene.close();
}

export const metadataOf = (sourceCallId: string, more: object = {}) =>
  JSON.stringify({
    ...{ sourceSystem: 'pbx', sourceCallId, startedAt: '2026-11-20T09:00:00+08:00' },
    ...{ agent: { id: '001' }, ...more },
  });
export const metadata = (text: string): Part => ({
  name: 'metadata',
  body: text,
  type: 'application/json',
});
export const media = (body: Buffer | string): Part => ({ name: 'media', body, type: 'audio/wav' });
export const picture = (type: string, body = 'x'): Part => ({ name: 'screenshots', body, type });

export function multipart(parts: Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  const pieces = parts.flatMap(({ name, body, type = 'text/plain', field = false }) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`,
    `${field ? '' : `; filename="${name}"`}\r\ncontent-type: ${type}\r\n\r\n`,
    ...[body, '\r\n'],
  ]);
  return Buffer.concat([...pieces, end].map((piece) => Buffer.from(piece)));
}

export async function post(url: string, payload: Buffer | string, type: string | undefined) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  return app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers });
}
export const postCall = (parts: Part[], end?: string) =>
  post('/records', multipart(parts, end), `multipart/form-data; boundary=${BOUNDARY}`);

export async function dispose(id: string): Promise<void> {
  await scene.database.db
    .updateTable('intake_key')
    .set({ disposed_at: new Date() })
    .where('record_id', '=', id)
    .execute();
}
