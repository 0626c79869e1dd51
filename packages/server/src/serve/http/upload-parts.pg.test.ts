import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join, resolve } from 'node:path';
import type { IntakeReceipt } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../../../samples');
const WAV = readFileSync(join(SAMPLES, '04-id-number.wav')).subarray(0, 20_000);
const TRANSCRIPT = '{"turns":[]}';
let scene: ServeScene;
let calls = 0;

beforeAll(async () => {
  scene = await serveScene();
});
afterAll(() => scene.close());

interface Part {
  name: string;
  file?: string;
  type?: string;
  body: string | Uint8Array;
}

function metadata(change: Record<string, unknown> = {}): string {
  calls += 1;
  return JSON.stringify({
    ...{
      sourceSystem: 'pbx',
      sourceCallId: `call-${calls}`,
      startedAt: '2026-01-01T09:00:00+08:00',
    },
    ...{ agent: { id: '001' }, ...change },
  });
}
const media = (body: Uint8Array = WAV): Part => ({
  name: 'media',
  file: 'a.wav',
  type: 'audio/wav',
  body,
});

function bodyOf(parts: Part[]): Buffer {
  const pieces = parts.flatMap(({ name, file, type, body }) => [
    `--b\r\ncontent-disposition: form-data; name="${name}"${file ? `; filename="${file}"` : ''}\r\n`,
    type === undefined ? '\r\n' : `content-type: ${type}\r\n\r\n`,
    body,
    '\r\n',
  ]);
  return Buffer.concat([...pieces, '--b--\r\n'].map((piece) => Buffer.from(piece as string)));
}

const post = (body: string | Uint8Array, type = 'multipart/form-data; boundary=b') =>
  scene.send('POST', '/api/v1/records', { ...scene.service, 'content-type': type }, body);
const upload = (...parts: Part[]) => post(bodyOf(parts));

/** Refused as expected; neither a row nor a file is left, and no failure was logged. */
async function refused(work: () => Promise<Answer>, status: number, code: string, field?: string) {
  const before = await scene.intake.inventory();
  const answer = await work();
  expect(problemIn(answer)).toMatchObject({
    status,
    code,
    ...(field === undefined ? {} : { field }),
  });
  expect(answer.status).toBe(status);
  expect(scene.failures).toEqual([]);
  expect(await scene.intake.inventory()).toEqual(before);
}

it.each<[string, Part]>([
  ['a file', { name: 'metadata', file: 'a.json', type: 'application/json', body: '' }],
  ['a field', { name: 'metadata', body: '' }],
  ['a field of JSON', { name: 'metadata', type: 'application/json', body: '' }],
  ['a field of text', { name: 'metadata', type: 'text/plain', body: '' }],
])('takes metadata sent as %s, and finds the same call again', async (_name, part) => {
  const body = metadata();
  const first = await upload({ ...part, body }, media());
  expect(first.status).toBe(201);
  const { id } = JSON.parse(first.text) as IntakeReceipt;
  expect(first.headers.location).toBe(`/api/v1/records/${id}/status`);
  const again = await upload(media(), { ...part, body });
  expect([again.status, JSON.parse(again.text)]).toMatchObject([200, { id }]);
});

it('takes a metadata file that begins with a byte order mark', async () => {
  const file = { name: 'metadata', file: 'a.json', body: `\uFEFF${metadata()}` };
  expect((await upload(file, media())).status).toBe(201);
});

it.each<[string, string, string]>([
  ['no boundary', 'multipart/form-data', 'abc'],
  ['no part', 'multipart/form-data; boundary=b', 'abc'],
  ['an end within a header', 'multipart/form-data; boundary=b', '--b\r\ncontent-dispo'],
  [
    'an end within a field',
    'multipart/form-data; boundary=b',
    '--b\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n{',
  ],
])('refuses a body with %s', async (_name, type, body) => {
  await refused(() => post(body, type), 400, 'MULTIPART_INVALID');
});

it('refuses an upload that ends within the media, and keeps nothing of it', async () => {
  const whole = bodyOf([{ name: 'metadata', body: metadata() }, media()]);
  await refused(() => post(whole.subarray(0, -2000)), 400, 'MULTIPART_INVALID');
});

it.each(['application/json', 'application/octet-stream', 'application/x-www-form-urlencoded'])(
  'refuses an upload as %s',
  async (type) => {
    await refused(() => post('{}', type), 415, 'CONTENT_TYPE_UNSUPPORTED');
  },
);

it('refuses missing, empty, doubled and unknown parts by their name', async () => {
  const about = (): Part => ({ name: 'metadata', body: metadata() });
  const text = (): Part => ({ name: 'transcript', file: 't', body: TRANSCRIPT });
  await refused(() => upload(media()), 400, 'METADATA_MISSING', 'metadata');
  await refused(() => upload(), 400, 'METADATA_MISSING', 'metadata');
  await refused(() => upload(about()), 400, 'MEDIA_MISSING', 'media');
  await refused(
    () => upload({ ...about(), body: ' ' }, media()),
    400,
    'METADATA_MISSING',
    'metadata',
  );
  await refused(() => upload(about(), media(new Uint8Array())), 400, 'MEDIA_EMPTY', 'media');
  await refused(
    () => upload(about(), { ...media(), name: 'vedia' }),
    400,
    'REQUEST_INVALID',
    'vedia',
  );
  await refused(() => upload(about(), { ...media(), name: '__proto__' }), 400, 'REQUEST_INVALID');
  await refused(() => upload({ name: 'constructor', body: 'x' }), 400, 'REQUEST_INVALID');
  await refused(
    () => upload(about(), { name: 'media', body: 'x' }),
    400,
    'REQUEST_INVALID',
    'media',
  );
  await refused(() => upload(about(), about(), media()), 400, 'REQUEST_INVALID', 'metadata');
  await refused(() => upload(about(), media(), media()), 400, 'REQUEST_INVALID', 'media');
  await refused(
    () => upload(about(), media(), text(), text()),
    400,
    'REQUEST_INVALID',
    'transcript',
  );
});

it('refuses metadata of five megabytes, in a file and without one', async () => {
  const body = metadata({ demand: 'x'.repeat(5_000_000) });
  const file = { name: 'metadata', file: 'a.json', body };
  await refused(() => upload(file, media()), 413, 'BODY_TOO_LARGE', 'metadata');
  await refused(
    () => upload({ name: 'metadata', body }, media()),
    413,
    'BODY_TOO_LARGE',
    'metadata',
  );
});

it.each<[string, string | Uint8Array, string]>([
  ['no JSON', '{a', 'metadata'],
  ['an array', '[]', 'metadata'],
  ['null', 'null', 'metadata'],
  ['a nest of brackets', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'metadata'],
  ['GBK', Buffer.from('7b22 73 22 3a 22 c4fa bac3 22 7d'.replaceAll(' ', ''), 'hex'), 'metadata'],
  ['the year 9999', metadata({ startedAt: '9999-12-31T23:59:59Z' }), 'metadata/startedAt'],
  ['the year 1', metadata({ startedAt: '0001-01-01T00:00:00Z' }), 'metadata/startedAt'],
  ['30 February', metadata({ startedAt: '2025-02-30T00:00:00Z' }), 'metadata/startedAt'],
  ['no zone', metadata({ startedAt: '2025-02-03T00:00:00' }), 'metadata/startedAt'],
  ['a zero character', metadata({ agent: { id: 'a\0b' } }), 'metadata/agent/id'],
  ['a field that is none', metadata({ tier: 'basic' }), 'metadata'],
])('refuses metadata that is or holds %s', async (_name, body, field) => {
  const part = { name: 'metadata', file: 'a.json', body };
  await refused(() => upload(part, media()), 422, 'METADATA_INVALID', field);
});

it('answers the same call id with other media with 409, and a picture of no known kind with 415', async () => {
  const body = metadata();
  expect((await upload({ name: 'metadata', body }, media())).status).toBe(201);
  const other = () => upload({ name: 'metadata', body }, media(WAV.subarray(0, 5000)));
  await refused(other, 409, 'SOURCE_CALL_CONFLICT', 'metadata/sourceCallId');
  const picture = { name: 'screenshots', file: 'a.gif', type: 'image/gif', body: 'GIF89a' };
  const sent = () => upload({ name: 'metadata', body: metadata() }, media(), picture);
  await refused(sent, 415, 'SCREENSHOT_UNSUPPORTED', 'screenshots');
});

it.each([
  ['nothing', '', 400, 'VCON_UNREADABLE'],
  ['no JSON', 'hello', 400, 'VCON_UNREADABLE'],
  ['broken gzip', Buffer.from('1f8b0800616263', 'hex'), 400, 'VCON_UNREADABLE'],
  ['an empty object', '{}', 422, 'VCON_INVALID'],
])('refuses a vCon that is %s', async (_name, body, status, code) => {
  const headers = { ...scene.service, 'content-type': 'application/json' };
  await refused(() => scene.send('POST', '/api/v1/vcon', headers, body), status, code);
});

it('a refusal before the end of a body leaves its connection good for the next request', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    new Promise<number>((resolve, reject) => {
      const to = { host: '127.0.0.1', port: scene.port, rejectUnauthorized: false, agent };
      const sent = request({ ...to, method, path, headers, timeout: 10_000 }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer in ten seconds')));
      sent.on('error', reject);
      sent.end(body);
    });
  // More than fits in the buffers on the way, so that some of it is still to come.
  const body = bodyOf([{ name: 'nobody-knows-it', body: 'x' }, media(Buffer.alloc(6 << 20))]);
  const headers = { ...scene.service, 'content-type': 'multipart/form-data; boundary=b' };
  try {
    expect(await send('POST', '/api/v1/records', headers, body)).toBe(400);
    expect(await send('GET', '/healthz', {})).toBe(200);
  } finally {
    agent.destroy();
  }
});
