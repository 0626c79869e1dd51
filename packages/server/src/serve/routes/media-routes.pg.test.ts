import type { NoticesView } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Role } from '../../access/policy-table.ts';
import { fixedClock } from '../../core/clock.ts';
import { archivedCall, BYTES_A_SECOND } from '../archived-call.testing.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const clock = fixedClock(new Date());
let scene: ServeScene;
let qa: Record<string, string>;
let call: { id: string; media: Buffer };
let other: { id: string; media: Buffer };

beforeAll(async () => {
  scene = await serveScene({}, { deps: { clock } });
  qa = await scene.person('qa');
  call = await archivedCall(scene, { durationS: 3 });
  other = await archivedCall(scene, { durationS: 3, tier: 'core' });
});
afterAll(() => scene.close());
beforeEach(() => {
  clock.set(new Date());
  scene.intake.entries.length = 0;
});

async function ticketFor(headers: Record<string, string>, id: string, body = '{}') {
  const json = { 'content-type': 'application/json' };
  const path = `/api/v1/records/${id}/ticket`;
  const answer = await scene.send('POST', path, { ...headers, ...json }, body);
  return { ...answer, ...(JSON.parse(answer.text) as { ticket: string; expiresAt: string }) };
}

const fetchMedia = (headers: Record<string, string>, id: string, query: string, part = 'media') =>
  scene.send('GET', `/api/v1/records/${id}/${part}${query}`, headers);

it('a ticket opens the media it was issued for, whole and in stretches, for two minutes', async () => {
  const { ticket, expiresAt, headers } = await ticketFor(qa, call.id);
  expect(headers['cache-control']).toBe('no-store');
  expect(new Date(expiresAt).getTime() - clock.now().getTime()).toBe(120_000);
  const whole = await fetchMedia(qa, call.id, `?ticket=${ticket}`);
  expect([whole.status, whole.headers['content-length']]).toEqual([200, String(call.media.length)]);
  clock.set(new Date(Date.parse(expiresAt) - 1));
  const range = { ...qa, range: 'bytes=1000-1999' };
  const part = await fetchMedia(range, call.id, `?ticket=${ticket}`);
  expect([part.status, part.headers['content-range']]).toEqual([
    ...[206, `bytes 1000-1999/${call.media.length}`],
  ]);
  clock.set(new Date(expiresAt));
  const late = await fetchMedia(range, call.id, `?ticket=${ticket}`);
  expect([late.status, problemIn(late).code]).toEqual([401, 'TICKET_EXPIRED']);
});

it('without a ticket, with a wrong one, or with one for another record or stream nothing is played', async () => {
  const { ticket } = await ticketFor(qa, call.id);
  const h264 = await ticketFor(qa, call.id, '{"stream":"h264"}');
  const attempts: [string, string, string, number, string][] = [
    [call.id, 'media', '', 401, 'TICKET_REQUIRED'],
    [call.id, 'media/h264', '', 401, 'TICKET_REQUIRED'],
    [call.id, 'media', '?ticket=', 403, 'TICKET_INVALID'],
    [call.id, 'media', `?ticket=${ticket.slice(0, -2)}AA`, 403, 'TICKET_INVALID'],
    [call.id, 'media', `?ticket=${h264.ticket}`, 403, 'TICKET_INVALID'],
    [call.id, 'media/h264', `?ticket=${ticket}`, 403, 'TICKET_INVALID'],
    [other.id, 'media', `?ticket=${ticket}`, 403, 'TICKET_INVALID'],
    [call.id, 'media', `?ticket=${'x'.repeat(201)}`, 400, 'REQUEST_INVALID'],
    [call.id, 'media', `?ticket=${ticket}&ticket=${ticket}`, 400, 'REQUEST_INVALID'],
    [call.id, 'media', `?ticket=${ticket}&other=1`, 400, 'REQUEST_INVALID'],
  ];
  for (const [id, part, query, status, code] of attempts) {
    const answer = await fetchMedia(qa, id, query, part);
    expect([part, query, answer.status, problemIn(answer).code]).toEqual([
      ...[part, query, status, code],
    ]);
  }
  expect(problemIn(await fetchMedia(qa, call.id, '')).field).toBe('query/ticket');
  const head = await scene.send('HEAD', `/api/v1/records/${call.id}/media`, qa);
  expect(head.status).toBe(401);
});

it('a ticket is worth nothing in another session, of another person or of the same', async () => {
  const { ticket } = await ticketFor(qa, call.id);
  for (const role of ['trainer', 'qa'] satisfies Role[]) {
    const stranger = await scene.person(role);
    const answer = await fetchMedia(stranger, call.id, `?ticket=${ticket}`);
    expect([answer.status, problemIn(answer).code]).toEqual([403, 'TICKET_INVALID']);
  }
  const nobody = await fetchMedia({}, call.id, `?ticket=${ticket}`);
  expect([nobody.status, problemIn(nobody).code]).toEqual([401, 'NOT_SIGNED_IN']);
});

it('the policy stands before the ticket, when it is asked for and when it is shown', async () => {
  const trainer = await scene.person('trainer');
  const refused = await ticketFor(trainer, other.id);
  expect([refused.status, problemIn(refused).code]).toEqual([403, 'FORBIDDEN']);
  const { ticket } = await ticketFor(trainer, call.id);
  const { db } = scene.intake.database;
  await db.updateTable('call').set({ tier: 'core' }).where('id', '=', call.id).execute();
  const answer = await fetchMedia(trainer, call.id, `?ticket=${ticket}`);
  expect([answer.status, problemIn(answer).code]).toEqual([403, 'FORBIDDEN']);
  await db.updateTable('call').set({ tier: 'basic' }).where('id', '=', call.id).execute();
  expect((await fetchMedia(trainer, call.id, `?ticket=${ticket}`)).status).toBe(200);
});

it('a ticket for the original is for who may have the original', async () => {
  const answer = await ticketFor(qa, call.id, '{"stream":"original"}');
  expect([answer.status, problemIn(answer).code]).toEqual([403, 'FORBIDDEN']);
  const { ticket } = await ticketFor(qa, call.id);
  const original = await fetchMedia(qa, call.id, `?ticket=${ticket}`, 'original');
  expect([original.status, problemIn(original).code]).toEqual([403, 'FORBIDDEN']);
});

it('names what is wrong with a request for a ticket', async () => {
  const answer = await ticketFor(qa, call.id, '{"stream":"peaks"}');
  expect([answer.status, problemIn(answer).field]).toEqual([400, 'body/stream']);
});

it('the ledger knows a ticket by its digest, used and refused alike, and never the ticket', async () => {
  const { ticket } = await ticketFor(qa, call.id);
  await fetchMedia(qa, call.id, `?ticket=${ticket}`);
  await fetchMedia(qa, other.id, `?ticket=${ticket}`);
  await fetchMedia(qa, call.id, '');
  const { entries } = scene.intake;
  expect(entries.map(({ action, outcome, detail }) => [action, outcome, detail?.rule])).toEqual([
    ['record.play', 'ok', undefined],
    ['record.play', 'refused', 'TICKET_INVALID'],
    ['record.play', 'refused', 'TICKET_REQUIRED'],
  ]);
  expect(entries[0]?.detail?.ticket).toMatch(/^t[0-9a-f]{16}$/);
  expect(entries[1]?.detail?.ticket).toBe(entries[0]?.detail?.ticket);
  expect(JSON.stringify(entries)).not.toContain(ticket.split('.')[1]);
});

it('a copy of a call is slowed to four times its speed and told once; what was heard is given again at once', async () => {
  const long = await archivedCall(scene, { durationS: 172 });
  const { ticket } = await ticketFor(qa, long.id);
  const took = async (range: string) => {
    const started = performance.now();
    const answer = await fetchMedia({ ...qa, range }, long.id, `?ticket=${ticket}`);
    expect(answer.status).toBe(206);
    return (performance.now() - started) / 1000;
  };
  const head = { ...qa, range: 'bytes=0-' };
  for (let time = 0; time < 20; time += 1) {
    await scene.send('HEAD', `/api/v1/records/${long.id}/media?ticket=${ticket}`, head);
  }
  const compliance = await scene.person('compliance');
  const half = 86 * BYTES_A_SECOND;
  const times = await Promise.all([took(`bytes=0-${half - 1}`), took(`bytes=${half}-`)]);
  // 172 seconds less 4.5 MiB of allowance, which are 147, are 25, at four seconds a second.
  expect(Math.max(...times)).toBeGreaterThan(5);
  expect(Math.max(...times)).toBeLessThan(12);
  const told = scene.intake.entries.filter(({ action }) => action === 'record.play_fast');
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ resource: long.id, actor: { role: 'qa' }, outcome: 'ok' });
  expect(told[0]?.detail).toMatchObject({ allowanceS: 147, mostSpeed: 4 });
  expect(Number(told[0]?.detail?.drawnS)).toBeGreaterThanOrEqual(162);
  const { text } = await scene.send('GET', '/api/v1/notices', compliance);
  expect((JSON.parse(text) as NoticesView).notices).toMatchObject([
    { kind: 'playback.fast', severity: 'alarm', resource: long.id, detail: { mostSpeed: 4 } },
  ]);
  expect(await took('bytes=0-')).toBeLessThan(2);
  expect(scene.intake.entries.filter(({ action }) => action === 'record.play_fast')).toHaveLength(
    1,
  );
}, 60_000);
