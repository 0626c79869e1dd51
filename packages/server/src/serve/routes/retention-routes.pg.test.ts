import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  RecordRetention,
  RecordView,
  RetentionApplied,
  RetentionPreview,
  RetentionRulesView,
} from '@voxkeep/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { retentionInForce, settleRetention } from '../../main/retention-in-force.ts';
import { createRetention } from '../../main/retention-view.ts';
import { createNotices } from '../../notices/index.ts';
import { walkTerms } from '../../retire/terms/index.ts';
import { archivedCall } from '../archived-call.testing.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const CONFIG = resolve(import.meta.dirname, '../../../../../config/retention.yaml');
const SHIPPED = readFileSync(CONFIG, 'utf8');
const SHORTER = SHIPPED.replace(
  'tier: [core] }\n    keep: { years: 5 }',
  'tier: [core] }\n    keep: { years: 4 }',
);
const settings = { retention: CONFIG, timeZone: 'Asia/Shanghai' };

let scene: ServeScene;
let officer: Record<string, string>;
let walk: () => Promise<unknown>;
let woken = 0;
let id: string;

beforeAll(async () => {
  scene = await serveScene();
  const { db, clock, audit } = scene.serve;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  await settleRetention(settings, { db, clock, audit, notices: createNotices({ clock }), log });
  const rules = await retentionInForce(settings);
  walk = () => walkTerms({ db, clock, audit, rules, timeZone: settings.timeZone });
  const walker = { wake: () => void (woken += 1) };
  const retention = createRetention(settings, { db, clock, audit, rules, walker });
  Object.assign(scene.serve, { retention });
  officer = await scene.person('compliance', { name: 'first' });
  const startedAt = new Date('2026-01-05T04:00:00Z');
  id = (await archivedCall(scene, { durationS: 1, tier: 'core', startedAt })).id;
  const classification = { tier: 'core', industry: 'insurance', businessType: 'insurance_short' };
  await db
    .updateTable('record')
    .set({ facts: JSON.stringify({ classification }) })
    .execute();
  await walk();
});
afterAll(() => scene.close());

const get = (path: string, headers = officer) => scene.send('GET', `/api/v1${path}`, headers);
const send = (method: string, path: string, body: object, headers = officer) =>
  scene.send(
    method,
    `/api/v1${path}`,
    { ...headers, 'content-type': 'application/json' },
    JSON.stringify(body),
  );
const parsed = <T>(schema: { parse(value: unknown): T }, answer: { text: string }): T =>
  schema.parse(JSON.parse(answer.text));

test('a record’s term is explained, and a day that is told closes it, on its own page too', async () => {
  const open = parsed(RecordRetention, await get(`/records/${id}/retention`));
  expect(open).toMatchObject({ openEnded: true, rule: 'insurance-short', rules: 1, holds: 0 });
  const told = await send('PUT', `/records/${id}/anchors/contract_end`, { day: '2027-05-31' });
  expect(parsed(RecordRetention, told)).toMatchObject({
    ...{ openEnded: false, keepUntil: '2032-05-31', dueOn: '2032-06-30', waitsFor: [] },
    anchors: [{ anchor: 'contract_end', day: '2027-05-31' }],
  });
  const view = parsed(RecordView, await get(`/records/${id}`));
  expect(view.retention).toMatchObject({ openEnded: false, keepUntil: '2032-05-31' });
  const seen = scene.intake.entries.filter((one) => one.resource === id);
  expect(seen.map((one) => one.action)).toEqual(
    expect.arrayContaining(['record.view', 'retention.change']),
  );
});

test('what is no day, no anchor or no record is refused by name', async () => {
  const tell = async (path: string, body: object) => {
    const answer = await send('PUT', path, body);
    return [answer.status, problemIn(answer).code];
  };
  const day = { day: '2027-02-30' };
  expect(await tell(`/records/${id}/anchors/contract_end`, day)).toEqual([400, 'REQUEST_INVALID']);
  const some = { day: '2027-02-03' };
  expect(await tell(`/records/${id}/anchors/birthday`, some)).toEqual([400, 'REQUEST_INVALID']);
  expect(await tell('/records/x/anchors/contract_end', some)).toEqual([404, 'RECORD_UNKNOWN']);
  const text = await get('/retention/rules/7');
  expect([text.status, problemIn(text).code]).toEqual([404, 'RETENTION_RULES_UNKNOWN']);
});

test('rules are seen, previewed and put into force by two officers', async () => {
  const { id: core } = await archivedCall(scene, { durationS: 1, tier: 'core' });
  const classification = { tier: 'core' };
  await scene.serve.db
    .updateTable('record')
    .set({ facts: JSON.stringify({ classification }) })
    .where('id', '=', core)
    .execute();
  const retention = scene.serve.retention;
  expect(parsed(RetentionRulesView, await get('/retention/rules'))).toMatchObject({
    ...{ inForce: { number: 1, rules: SHIPPED }, fileDiffers: false, walk: { given: 1, of: 1 } },
  });
  const faulty = await send('POST', '/retention/rules/preview', {
    rules: SHIPPED.replace('id: tier-core', 'id: Tier Core').replace('days: 30 }', 'days: 0 }'),
  });
  expect([faulty.status, problemIn(faulty).code]).toEqual([422, 'RETENTION_PROFILES_INVALID']);
  expect(problemIn(faulty).errors?.map(({ field }) => field)).toEqual([
    ...['disposal/after/days', 'profiles/1/id'],
  ]);
  // Of the record that came after the walk the term is given as the pipeline gives it.
  await retention.tell(core, {
    ...{ anchor: 'dispute_end', day: '2026-01-01', requestId: 'r' },
    actor: { id: 'a', role: 'compliance' },
  });
  const preview = parsed(
    RetentionPreview,
    await send('POST', '/retention/rules/preview', { rules: SHORTER }),
  );
  expect(preview).toMatchObject({ inForce: 1, records: 2, counts: { shorter: 1, longer: 0 } });
  expect(preview.lines).toMatchObject([
    { change: 'shorter', tier: 'core', before: 'tier-core', examples: [{ recordId: core }] },
  ]);
  const asked = { rules: SHORTER, digest: preview.digest };
  const plain = await send('POST', '/retention/rules', asked);
  expect([plain.status, problemIn(plain).code]).toEqual([409, 'RETENTION_SHORTENS']);
  const accepted = { ...asked, acceptShorter: true };
  const first = await send('POST', '/retention/rules', accepted);
  expect(first.status).toBe(202);
  expect(parsed(RetentionApplied, first)).toMatchObject({
    ...{ state: 'awaits-second-person', rules: { inForce: { number: 1 } } },
    rules: { waiting: { digest: preview.digest } },
  });
  const other = await scene.person('compliance', { name: 'second' });
  const before = woken;
  const second = await send('POST', '/retention/rules', accepted, other);
  expect(parsed(RetentionApplied, second)).toMatchObject({
    ...{ state: 'done', rules: { inForce: { number: 2 }, fileDiffers: true } },
  });
  expect(woken).toBe(before + 1);
  const soon = await send('POST', '/retention/rules/preview', { rules: SHIPPED });
  expect([soon.status, problemIn(soon).code]).toEqual([409, 'RETENTION_WALKING']);
  await walk();
  expect(parsed(RecordRetention, await get(`/records/${core}/retention`)).rules).toBe(2);
});

test('auditors look; nobody but compliance previews, changes or tells', async () => {
  const auditor = await scene.person('auditor');
  expect((await get('/retention/rules', auditor)).status).toBe(200);
  expect((await get('/retention/rules/1', auditor)).status).toBe(200);
  expect((await get(`/records/${id}/retention`, auditor)).status).toBe(200);
  const admin = await scene.person('admin');
  expect((await get('/retention/rules', admin)).status).toBe(403);
  for (const role of ['auditor', 'admin', 'qa', 'agent'] as const) {
    const person = await scene.person(role);
    const body = { rules: SHIPPED };
    expect((await send('POST', '/retention/rules/preview', body, person)).status).toBe(403);
    const digest = '0'.repeat(64);
    const put = await send('POST', '/retention/rules', { ...body, digest }, person);
    expect(put.status).toBe(403);
    const path = `/records/${id}/anchors/contract_end`;
    expect((await send('PUT', path, { day: '2027-01-01' }, person)).status).toBe(403);
  }
  expect((await get(`/records/${id}/retention`, {})).status).toBe(401);
});
