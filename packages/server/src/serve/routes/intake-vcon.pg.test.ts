import type { Problem } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  closeIntakeDoors,
  dispose,
  MEDIA_BYTES,
  openIntakeDoors,
  post,
  scene,
} from './intake-doors.testing.ts';

beforeAll(openIntakeDoors);
afterAll(closeIntakeDoors);

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
