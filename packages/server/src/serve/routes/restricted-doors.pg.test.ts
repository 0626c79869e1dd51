import { request } from 'node:https';
import type { SearchResult, Ticket } from '@voxkeep/contract';
import { ROUTES } from '@voxkeep/contract/openapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Headers, PHONE, type SubjectScene, subjectScene } from '../subject-scene.testing.ts';

let subject: SubjectScene;
let id: string;
const started = new Date('2026-11-02T02:00:00Z');
const HOUR_MS = 3_600_000;
/** What a record is seen and heard by. */
const DOORS: readonly string[] = [
  ...['view', 'stream', 'read_transcript', 'attachment', 'original', 'download', 'export'],
];

beforeAll(async () => {
  subject = await subjectScene();
  id = await subject.call({ phone: PHONE }, { tier: 'core', startedAt: started });
  const holderId = async (who: Headers) =>
    (await subject.get<{ actor: { id: string } }>(who, '/session')).body.actor.id;
  const force = { since: new Date(0), until: new Date(Date.now() + HOUR_MS) };
  subject.live.grants.push({
    ...{ id: '0198a1b2-0000-7000-8000-0000000000bb', kind: 'records', category: 'audit' },
    ...{ holderId: await holderId(subject.people.auditor), holderRole: 'auditor', ...force },
    fields: ['media', 'transcript', 'attachments', 'original', 'download', 'export'],
    records: [{ id, tier: 'core', startedAt: started.toISOString() }],
  });
  subject.live.mandates.push({
    ...{ id: '0198a1b2-0000-7000-8000-0000000000aa', category: 'regulator', ...force },
    ...{ holderId: await holderId(subject.people.regulator), holderRole: 'regulator' },
    scope: { from: '2026-11-01T00:00:00.000Z', before: '2026-12-01T00:00:00.000Z' },
  });
  await subject.db
    .insertInto('record_term')
    .values({
      ...{ record_id: id, keep_until: '2031-11-02', open_ended: false, at_most: null },
      ...{ due_on: '2031-11-02', rule: 'core-five-years', rules: 1, why: '{}' },
    })
    .execute();
});
afterAll(() => subject.scene.close());

/** Whether each door lets each of them in: the code, or 'in' for anything but a refusal. */
async function doors(people: readonly (keyof SubjectScene['people'])[]) {
  const found: Record<string, string> = {};
  const routes = ROUTES.filter(
    ({ path, action, method }) =>
      path.startsWith('/api/v1/records/:id') &&
      (method === 'get' || path.endsWith('/ticket')) &&
      [action ?? []].flat().some((one) => DOORS.includes(one)),
  );
  expect(routes.length).toBeGreaterThanOrEqual(9);
  for (const name of people) {
    for (const { path, method } of routes) {
      const at = path.replace(':id', id).replace(':n', '0');
      const body = method === 'post' ? '{}' : undefined;
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const headers = { ...subject.people[name], ...type };
      const answer = await subject.scene.send(method.toUpperCase(), at, headers, body);
      const code =
        answer.status === 403 ? (JSON.parse(answer.text) as { code: string }).code : 'in';
      // Past the policy a stream still wants its ticket.
      found[`${name} ${method} ${path}`] = code === 'TICKET_INVALID' ? 'in' : code;
    }
  }
  return found;
}

it('every door that stood open to a role is closed by the restriction, and a mandate and a dual approval open it all the same', async () => {
  const byRole = ['qa', 'second'] as const;
  const before = await doors(byRole);
  const byGrant = await doors(['auditor', 'regulator']);
  const open = Object.keys(before).filter((door) => before[door] === 'in');
  expect(open.filter((door) => door.startsWith('qa')).length).toBeGreaterThanOrEqual(6);
  await subject.granted({ kind: 'erasure', phone: PHONE });
  expect(await subject.stateOf(id)).toEqual(['restricted', true]);
  const after = await doors(byRole);
  for (const door of open) {
    // Compliance answers for it and sees its metadata, as before.
    expect([door, after[door]]).toEqual([door, door.startsWith('qa') ? 'RECORD_RESTRICTED' : 'in']);
  }
  expect(await doors(['auditor', 'regulator'])).toEqual(byGrant);
  expect(Object.values(byGrant).filter((code) => code === 'in').length).toBeGreaterThan(10);
});

it('a refusal says which rule keeps it until when, and whom to ask, and stands in the ledger', async () => {
  subject.scene.intake.entries.length = 0;
  const headers = { ...subject.people.qa, 'accept-language': 'en' };
  const answer = await subject.scene.send('GET', `/api/v1/records/${id}`, headers);
  expect(JSON.parse(answer.text)).toMatchObject({
    ...{ status: 403, code: 'RECORD_RESTRICTED', rule: 'qa.restricted', askWhom: 'compliance' },
    ...{ keepUntil: '2031-11-02', keptBy: 'core-five-years' },
    detail: expect.stringContaining('2031-11-02'),
  });
  expect(subject.scene.intake.entries).toMatchObject([
    { action: 'record.view', resource: id, outcome: 'refused', detail: { rule: 'qa.restricted' } },
  ]);
});

it('no search finds it but those of compliance, a grant and a mandate', async () => {
  const hits = async (who: keyof SubjectScene['people']) => {
    const { body } = await subject.get<SearchResult>(
      subject.people[who],
      `/records?phone=${PHONE}`,
    );
    return body.hits.map((hit) => hit.id);
  };
  expect(await hits('qa')).toEqual([]);
  for (const who of ['officer', 'auditor', 'regulator'] as const) {
    expect([who, await hits(who)]).toEqual([who, [id]]);
  }
});

it('its opened keys go from memory', () => {
  expect(subject.dropped).toContain(id);
});

it('a stream that runs ends within a second and a bit', async () => {
  const phone = '13911110000';
  const long = await subject.call({ phone }, { durationS: 300 });
  const { body } = await subject.post<Ticket>(subject.people.qa, `/records/${long}/ticket`);
  const path = `/api/v1/records/${long}/media?ticket=${body.ticket}`;
  const ended = new Promise<number>((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: subject.scene.port,
      path,
      headers: subject.people.qa,
    };
    const sent = request({ ...options, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.on('data', () => undefined);
      answer.on('error', () => undefined);
      answer.on('close', () => resolve(performance.now()));
    });
    sent.on('error', reject);
    sent.end();
  });
  // The allowance leaves at once; what is paced after it is what runs.
  await new Promise((later) => setTimeout(later, 1500));
  await subject.granted({ kind: 'erasure', phone });
  const restrictedAt = performance.now();
  expect((await ended) - restrictedAt).toBeLessThan(2500);
}, 20_000);
