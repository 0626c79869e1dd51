import { afterAll, beforeAll, expect, it } from 'vitest';
import { SCREENSHOT } from '../archived-call.testing.ts';
import {
  auditor,
  call,
  count,
  fetchBytes,
  grantFor,
  live,
  openExportScene,
  regulator,
  scene,
} from './export-scene.testing.ts';

beforeAll(openExportScene);
afterAll(() => scene.close());

it('a download is the masked media as a file whose name says no more than the day', async () => {
  const answer = await fetchBytes('GET', `/records/${call.id}/download`, auditor);
  expect(answer.status).toBe(200);
  expect(answer.body.equals(call.media)).toBe(true);
  const tail = `20260302-${call.id.slice(-12)}.wav`;
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="call-${tail}"; filename*=UTF-8''%E9%80%9A%E8%AF%9D-${tail}`,
  );
  const refused = await fetchBytes('GET', `/records/${call.id}/download`, regulator);
  expect([refused.status, refused.problem().code]).toEqual([403, 'FORBIDDEN']);
});

it('the original leaves in stretches, on its own ticket, marked with whose answer it is', async () => {
  const ask = (stream: string) =>
    fetchBytes('POST', `/records/${call.id}/ticket`, auditor, JSON.stringify({ stream }));
  const { ticket } = JSON.parse((await ask('original')).body.toString()) as { ticket: string };
  const ranged = { ...auditor, range: 'bytes=50-99' };
  const path = `/records/${call.id}/original?ticket=${ticket}`;
  const part = await fetchBytes('GET', path, ranged);
  expect([part.status, part.headers['content-type']]).toEqual([206, 'audio/wav']);
  expect(part.body.equals(call.original.subarray(50, 100))).toBe(true);
  expect(part.headers['x-voxkeep-watermark']).toMatch(/^auditor; 20\d\d-.+Z; [0-9a-f-]{36}$/);
  const noTicket = await fetchBytes('GET', `/records/${call.id}/original`, auditor);
  expect([noTicket.status, noTicket.problem().code]).toEqual([401, 'TICKET_REQUIRED']);
  // The grant opens the original and not the masked stream: core content is beyond the role.
  expect((await ask('media')).status).toBe(403);
  expect((await count('record.original')).ok).toBe(1);
});

it('a screenshot opens with a grant for attachments, by its number, and is linked from the record', async () => {
  const shot = (n: string) => fetchBytes('GET', `/records/${call.id}/screenshots/${n}`, auditor);
  expect((await shot('0')).status).toBe(403);
  live.grants.push(await grantFor(auditor, [call.id], ['attachments']));
  const answer = await shot('0');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
  expect(answer.body.equals(SCREENSHOT)).toBe(true);
  for (const n of ['1', '-1', 'x', '0x0', '1e0']) {
    expect([(await shot(n)).status, n]).toEqual([404, n]);
  }
  const view = await fetchBytes('GET', `/records/${call.id}`, auditor);
  const { screenshots } = JSON.parse(view.body.toString()) as { screenshots: unknown };
  expect(screenshots).toEqual([
    { url: `/api/v1/records/${call.id}/screenshots/0`, mediaType: 'image/png' },
  ]);
  live.grants.pop();
});
