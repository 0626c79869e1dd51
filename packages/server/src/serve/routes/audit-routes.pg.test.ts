import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import type { AuditsPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const ID = '0198a1b2-0000-7000-8000-0000000000aa';
const RUN = { id: ID, checks: [] };
const asked: unknown[] = [];
const unknown = (id: string) => {
  if (id !== ID) throw new ArchiveError('AUDIT_UNKNOWN', 'there is no such audit');
};
const finding = { id: ID, state: 'open' };

let scene: ServeScene;
beforeAll(async () => {
  const audits = {
    view: async () => ({ runs: [], serverTime: '2026-11-28T00:00:00Z' }),
    async begin() {
      if (asked.length > 0) throw new ArchiveError('AUDIT_RUNNING', 'one goes on');
      asked.push('begin');
      return RUN;
    },
    async show(id: string) {
      unknown(id);
      return RUN;
    },
    async findings(id: string) {
      unknown(id);
      return { findings: [] };
    },
    report: async () => Buffer.from('{"a":1}'),
    pdf: async (_id: string, language: string) => Buffer.from(`%PDF ${language}`),
    trend: async (months: number) => ({ points: [], months }),
    async accept(_id: string, acceptance: { person: string }) {
      asked.push(acceptance.person);
      return finding;
    },
    retest: async () => finding,
    registers: async () => [],
    addEntry: async () => ({ id: ID }),
    endEntry: async () => ({ id: ID }),
  };
  scene = await serveScene({}, { deps: { audits: audits as object as AuditsPort } });
});
afterAll(() => scene.close());

const json = { 'content-type': 'application/json' };
const get = (path: string, who: Record<string, string>) => scene.send('GET', `/api/v1${path}`, who);
const post = (path: string, who: Record<string, string>, body: object = {}) =>
  scene.send('POST', `/api/v1${path}`, { ...who, ...json }, JSON.stringify(body));

test('compliance and auditors run and read audits; whoever looks stands in the ledger', async () => {
  const compliance = await scene.person('compliance', { personId: 'P1' });
  const auditor = await scene.person('auditor', { personId: 'P2' });
  expect((await post('/audits', compliance)).status).toBe(202);
  const again = await post('/audits', auditor);
  expect([again.status, problemIn(again).code]).toEqual([409, 'AUDIT_RUNNING']);
  expect((await get('/audits', auditor)).status).toBe(200);
  expect((await get(`/audits/${ID}`, auditor)).status).toBe(200);
  const report = await get(`/audits/${ID}/report.json`, auditor);
  expect([report.text, report.headers['content-disposition']]).toEqual([
    ...['{"a":1}', `attachment; filename="audit-${ID}.json"`],
  ]);
  const paper = await get(`/audits/${ID}/report.pdf?language=en`, auditor);
  expect([paper.headers['content-type'], paper.text]).toEqual(['application/pdf', '%PDF en']);
  expect((await get(`/audits/${ID}/findings?limit=5`, compliance)).status).toBe(200);
  const looks = scene.intake.entries.filter(({ action }) => action === 'audit.view');
  expect(looks.map(({ detail }) => detail?.['what'])).toEqual([
    ...['report.json', 'report.pdf', 'findings'],
  ]);
});

test('what is wrong is told by its code and field, and an audit that is not there is unknown', async () => {
  const auditor = await scene.person('auditor', { personId: 'P2' });
  const missing = await get(`/audits/${ID.replace('a1b2', 'a1b3')}`, auditor);
  expect([missing.status, problemIn(missing).code]).toEqual([404, 'AUDIT_UNKNOWN']);
  expect((await get(`/audits/${ID}/findings?severity=awful`, auditor)).status).toBe(400);
  const short = await post(`/audits/findings/${ID}/accept`, auditor, { reason: 'x' });
  expect([short.status, problemIn(short).code]).toEqual([400, 'REQUEST_INVALID']);
});

test('whoever accepts is a person; registers are compliance’s to change and auditors’ to read', async () => {
  const compliance = await scene.person('compliance', { personId: 'P1' });
  const auditor = await scene.person('auditor', { personId: 'P2' });
  const accepted = await post(`/audits/findings/${ID}/accept`, auditor, { reason: 'it is known' });
  expect(accepted.status).toBe(200);
  expect(asked.at(-1)).toMatch(/^[0-9a-f]{32}$/);
  const entry = {
    ...{ kind: 'consent_basis', title: '同意', validFrom: '2026-01-01', reviewBy: '2027-01-01' },
    documentSha256: 'a'.repeat(64),
  };
  expect((await post('/registers', compliance, entry)).status).toBe(201);
  expect((await post('/registers', auditor, entry)).status).toBe(403);
  expect((await get('/registers', auditor)).status).toBe(200);
});

test('nobody else has anything to do with audits', async () => {
  for (const role of ['qa', 'operator', 'admin', 'approver'] as const) {
    const person = await scene.person(role);
    expect((await get('/audits', person)).status).toBe(403);
    expect((await post('/audits', person)).status).toBe(403);
    expect((await post(`/audits/findings/${ID}/retest`, person)).status).toBe(403);
  }
  expect((await get('/audits', {})).status).toBe(401);
});
