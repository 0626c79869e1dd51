import { join } from 'node:path';
import type { Problem } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const MEDIA_BYTES = 5 * 1024 * 1024;
const SMALL = { mediaBytes: MEDIA_BYTES, transcriptBytes: 4096, screenshotBytes: 4096 };
const BOUNDARY = 'test-boundary';

interface Part {
  name: string;
  body: Buffer | string;
  type?: string;
  /** Sent as a form field, without a file name. */
  field?: boolean;
}

let scene: IntakeScene;
let app: FastifyInstance;
let key: string;

beforeAll(async () => {
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
});
afterAll(async () => {
  await app.close();
  await scene.close();
});

const metadataOf = (sourceCallId: string, more: object = {}) =>
  JSON.stringify({
    ...{ sourceSystem: 'pbx', sourceCallId, startedAt: '2026-11-20T09:00:00+08:00' },
    ...{ agent: { id: '001' }, ...more },
  });
const metadata = (text: string): Part => ({
  name: 'metadata',
  body: text,
  type: 'application/json',
});
const media = (body: Buffer | string): Part => ({ name: 'media', body, type: 'audio/wav' });
const picture = (type: string, body = 'x'): Part => ({ name: 'screenshots', body, type });

function multipart(parts: Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  const pieces = parts.flatMap(({ name, body, type = 'text/plain', field = false }) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`,
    `${field ? '' : `; filename="${name}"`}\r\ncontent-type: ${type}\r\n\r\n`,
    ...[body, '\r\n'],
  ]);
  return Buffer.concat([...pieces, end].map((piece) => Buffer.from(piece)));
}

async function post(url: string, payload: Buffer | string, type: string | undefined) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  return app.inject({ method: 'POST', url: `/api/v1${url}`, payload, headers });
}
const postCall = (parts: Part[], end?: string) =>
  post('/records', multipart(parts, end), `multipart/form-data; boundary=${BOUNDARY}`);

function vconOf(uuid: string, more: { dialog?: object; top?: object } = {}): string {
  const body = Buffer.from('sound').toString('base64url');
  const dialog = {
    ...{ type: 'recording', start: '2026-11-20T01:00:00Z', parties: [0] },
    ...{ mediatype: 'audio/x-wav', encoding: 'base64url', body, ...more.dialog },
  };
  return JSON.stringify({
    ...{ vcon: '0.4.0', uuid, created_at: '2026-11-20T01:00:00Z', parties: [{ name: 'A' }] },
    ...{ dialog: [dialog], ...more.top },
  });
}
const UUID = '0198a1b2-1234-8abc-8def-00123456789';

async function dispose(id: string): Promise<void> {
  await scene.database.db
    .updateTable('intake_key')
    .set({ disposed_at: new Date() })
    .where('record_id', '=', id)
    .execute();
}

it('takes a call with 201, the same again with 200, and says when its details are not the same', async () => {
  const first = await postCall([metadata(metadataOf('ok')), media('sound')]);
  expect(first.statusCode).toBe(201);
  const id = first.json<{ id: string }>().id;
  expect(first.headers.location).toBe(`/api/v1/records/${id}/status`);
  const again = await postCall([media('sound'), metadata(metadataOf('ok'))]);
  expect([again.statusCode, again.json()]).toMatchObject([200, { id, sameDetails: true }]);
  const other = await postCall([metadata(metadataOf('ok', { team: '二组' })), media('sound')]);
  expect([other.statusCode, other.json()]).toMatchObject([200, { id, sameDetails: false }]);
});

const good = metadata(metadataOf('refused'));
const sound = media('sound');
const REFUSALS: [string, number, string, string, Part[]][] = [
  ['no metadata', 400, 'METADATA_MISSING', 'metadata', [sound]],
  ['empty metadata', 400, 'METADATA_MISSING', 'metadata', [metadata(' '), sound]],
  ['no media', 400, 'MEDIA_MISSING', 'media', [good]],
  ['media without a byte', 400, 'MEDIA_EMPTY', 'media', [good, media('')]],
  [
    'a part that nobody knows',
    400,
    'REQUEST_INVALID',
    'medium',
    [good, sound, { name: 'medium', body: '' }],
  ],
  ['media as a form field', 400, 'REQUEST_INVALID', 'media', [good, { ...sound, field: true }]],
  [
    'media too large',
    413,
    'MEDIA_TOO_LARGE',
    'media',
    [good, media(Buffer.alloc(MEDIA_BYTES + 1))],
  ],
  [
    'a transcript too large',
    413,
    'TRANSCRIPT_TOO_LARGE',
    'transcript',
    [good, sound, { name: 'transcript', body: 'x'.repeat(5000) }],
  ],
  [
    'a screenshot too large',
    413,
    'SCREENSHOT_TOO_LARGE',
    'screenshots',
    [good, sound, picture('image/png', 'x'.repeat(5000))],
  ],
  [
    'too many screenshots',
    413,
    'TOO_MANY_SCREENSHOTS',
    'screenshots',
    [good, sound, ...Array.from({ length: 21 }, () => picture('image/png'))],
  ],
  [
    'a screenshot of another type',
    415,
    'SCREENSHOT_UNSUPPORTED',
    'screenshots',
    [good, sound, picture('image/svg+xml')],
  ],
  ['metadata that is no JSON', 422, 'METADATA_INVALID', 'metadata', [metadata('{'), sound]],
  [
    'a wrong field',
    422,
    'METADATA_INVALID',
    'metadata/agent/id',
    [metadata(metadataOf('refused', { agent: { id: 7 } })), sound],
  ],
  [
    'a field that nobody knows',
    422,
    'METADATA_INVALID',
    'metadata',
    [metadata(metadataOf('refused', { phone: '1' })), sound],
  ],
  ['media twice', 400, 'REQUEST_INVALID', 'media', [good, sound, sound]],
  [
    'metadata beyond its limit',
    413,
    'BODY_TOO_LARGE',
    'metadata',
    [metadata('x'.repeat(65_000) + ' '.repeat(4.2e6)), sound],
  ],
];

it.each(REFUSALS)(
  '%s: %i %s names %s, and the archive is unchanged',
  async (_, status, code, field, parts) => {
    const before = await scene.inventory();
    const answer = await postCall(parts);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json<Problem>()).toMatchObject({ status, code, field });
    expect(answer.statusCode).toBe(status);
    expect(await scene.inventory()).toEqual(before);
  },
);

it('names every wrong field at once and repeats no value', async () => {
  const wrong = metadataOf('13800138461', { agent: {}, channel: 'smoke-signal', events: 'none' });
  const answer = await postCall([metadata(wrong), sound]);
  const { errors } = answer.json<Problem>();
  expect(errors?.map(({ field }) => field).sort()).toEqual([
    ...['metadata/agent/id', 'metadata/channel', 'metadata/events'],
  ]);
  expect(answer.body).not.toMatch(/13800138461|smoke/);
});

it('other bytes under a known call id: 409 with the record id; a disposed call: 410; both change nothing', async () => {
  const { id } = (await postCall([metadata(metadataOf('known')), sound])).json<{ id: string }>();
  const before = await scene.inventory();
  const conflict = (
    await postCall([metadata(metadataOf('known')), media('other')])
  ).json<Problem>();
  const field = 'metadata/sourceCallId';
  expect(conflict).toMatchObject({ status: 409, code: 'SOURCE_CALL_CONFLICT', field });
  expect(conflict.detail).toContain(id);
  expect(await scene.inventory()).toEqual(before);
  await dispose(id);
  for (const bytes of ['sound', 'other']) {
    const gone = (await postCall([metadata(metadataOf('known')), media(bytes)])).json<Problem>();
    expect(gone).toMatchObject({ status: 410, code: 'RECORD_DISPOSED', field });
  }
  expect(await scene.inventory()).toEqual(before);
});

it('a body that is cut off in the media leaves nothing behind', async () => {
  const before = await scene.inventory();
  const whole = multipart([good, media(Buffer.alloc(40_000, 1))]);
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  const answer = await post('/records', whole.subarray(0, whole.length - 10_000), type);
  expect(answer.statusCode).toBe(400);
  expect(await scene.inventory()).toEqual(before);
});

it.each(['application/json', 'text/html', 'audio/wav'])(
  'a body of type %s is 415 at /records',
  async (type) => {
    const before = await scene.inventory();
    const answer = (await post('/records', '{}', type)).json<Problem>();
    expect(answer).toMatchObject({ status: 415, code: 'CONTENT_TYPE_UNSUPPORTED' });
    expect(await scene.inventory()).toEqual(before);
  },
);

const VCON_TYPE = 'application/vcon+json';
const VCON_REFUSALS: [string, number, string, string | undefined, string, string][] = [
  ['no JSON', 400, 'VCON_UNREADABLE', undefined, '{', VCON_TYPE],
  [
    'no recording',
    400,
    'VCON_NO_MEDIA',
    undefined,
    vconOf(`${UUID}1`, { top: { dialog: [] } }),
    VCON_TYPE,
  ],
  ['too large', 413, 'VCON_TOO_LARGE', undefined, ' '.repeat(5 * MEDIA_BYTES), VCON_TYPE],
  [
    'media too large',
    413,
    'MEDIA_TOO_LARGE',
    'media',
    vconOf(`${UUID}1`, { dialog: { body: 'A'.repeat(2 * MEDIA_BYTES) } }),
    VCON_TYPE,
  ],
  [
    'a recording elsewhere',
    422,
    'VCON_EXTERNAL_MEDIA',
    'dialog/0',
    vconOf(`${UUID}1`, { dialog: { body: undefined, url: 'https://127.0.0.1/x' } }),
    VCON_TYPE,
  ],
  [
    'a body that is no base64url',
    422,
    'VCON_INVALID',
    'dialog/0/body',
    vconOf(`${UUID}1`, { dialog: { body: '***' } }),
    VCON_TYPE,
  ],
  [
    'signed',
    422,
    'VCON_SIGNED_UNSUPPORTED',
    undefined,
    '{"payload":"x","signatures":[]}',
    VCON_TYPE,
  ],
];

it.each(VCON_REFUSALS)(
  'a vCon that is %s: %i %s, and the archive is unchanged',
  async (_, status, code, field, body, type) => {
    const before = await scene.inventory();
    const answer = await post('/vcon', body, type);
    expect(answer.json<Problem>()).toMatchObject({
      status,
      code,
      ...(field === undefined ? {} : { field }),
    });
    expect(await scene.inventory()).toEqual(before);
  },
);

it('a vCon: 201, again 200, other sound under its uuid 409, disposed 410', async () => {
  const send = (more?: { dialog?: object }) => post('/vcon', vconOf(`${UUID}2`, more), VCON_TYPE);
  const first = await send();
  expect(first.statusCode).toBe(201);
  const { id } = first.json<{ id: string }>();
  expect((await send()).statusCode).toBe(200);
  const before = await scene.inventory();
  const field = 'metadata/sourceCallId';
  expect((await send({ dialog: { body: 'b3RoZXI' } })).json()).toMatchObject({
    status: 409,
    field,
  });
  await dispose(id);
  expect((await send()).json()).toMatchObject({ status: 410, field });
  expect(await scene.inventory()).toEqual(before);
});

it('without a key nothing is read: 401', async () => {
  const before = await scene.inventory();
  const payload = multipart([good, sound]);
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'x-voxkeep-csrf': '1',
  };
  const answer = await app.inject({ method: 'POST', url: '/api/v1/records', payload, headers });
  expect(answer.statusCode).toBe(401);
  expect(await scene.inventory()).toEqual(before);
});
