import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  app,
  BOUNDARY,
  closeIntakeDoors,
  dispose,
  MEDIA_BYTES,
  media,
  metadata,
  metadataOf,
  multipart,
  openIntakeDoors,
  type Part,
  picture,
  post,
  postCall,
  scene,
} from './intake-doors.testing.ts';

beforeAll(openIntakeDoors);
afterAll(closeIntakeDoors);

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

it('takes back all that came with a known call, also while a site that never had it is away', async () => {
  const parts = [metadata(metadataOf('known')), media('sound')];
  const first = await postCall(parts);
  const before = await scene.inventory();
  const [here, away] = ['cloud', 'away'].map((name) => join(scene.folder, 'sites', name));
  await rename(here ?? '', away ?? '');
  const again = await postCall(parts);
  await rename(away ?? '', here ?? '');
  expect([again.statusCode, again.json()]).toMatchObject([200, { id: first.json().id }]);
  expect(await scene.inventory()).toEqual(before);
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
