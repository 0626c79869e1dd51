import { AUDIT_CHECKS, AuditReport } from '@voxkeep/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newUuidV7 } from '../../core/ids.ts';
import { type AuditScene, auditScene, plain } from './audit-scene.testing.ts';
import { beginAudit, beginScheduled } from './begin-audit.ts';
import { listFindings } from './list-findings.ts';
import { nextAudit } from './next-audit.ts';
import type { Found } from './ports.ts';
import { acceptFinding, retestFinding } from './settle-finding.ts';
import { showRun, trendOf } from './views.ts';
import { workAudit } from './work-audit.ts';

const OFFICER = { id: '0198a1b2-0000-7000-8000-00000000000a', role: 'compliance' };
const OTHER = { id: '0198a1b2-0000-7000-8000-00000000000b', role: 'auditor' };
const NEVER = new AbortController().signal;
const RECORD = '0198a1b2-0000-7000-8000-0000000000aa';
const high = (id = RECORD): Found => ({ code: 'A_HIGH', subject: { kind: 'record', id } });
const finding = (...findings: Found[]) =>
  plain(async () => ({ looked: findings.length, findings }));

let scene: AuditScene;
beforeAll(async () => {
  scene = await auditScene();
});
beforeEach(() => scene.reset());
afterAll(() => scene.database.close());

async function audited(): Promise<string> {
  const id = await beginAudit(scene.deps, OFFICER, 'r1');
  await workAudit(scene.deps, id, NEVER);
  return id;
}
const findingsOf = async (id: string) =>
  (await listFindings(scene.deps, id, { limit: 200 })).findings;
const by = (actor: typeof OFFICER, person: string) => ({
  ...{ actor, person, reason: 'known and wanted', requestId: 'r2' },
});

test('an audit of which every check passes is passed, archived, on the ledger and told', async () => {
  const run = await showRun(scene.deps, await audited());
  expect(run).toMatchObject({
    outcome: 'passed',
    figures: { checks: AUDIT_CHECKS.length, open: 0 },
  });
  expect(scene.entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    'audit.run ok',
    'audit.run ok',
  ]);
  expect(scene.entries.at(-1)?.detail).toMatchObject({ report: 'a'.repeat(64) });
  const report = AuditReport.parse(JSON.parse(String(scene.reports.get(run.id))));
  expect(report.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
  expect(scene.told).toEqual(['audit.ended']);
});

test('a finding fails the audit and names what it is about; one of low severity does not', async () => {
  scene.checks({
    'copies.placed': finding({ code: 'A_LOW', subject: { kind: 'site', id: 'hq' } }),
    'access.grants': finding(high()),
  });
  const run = await showRun(scene.deps, await audited());
  expect(run.outcome).toBe('failed');
  const outcomes = run.checks.flatMap(({ id, outcome }) =>
    outcome === 'passed' ? [] : [[id, outcome]],
  );
  expect(outcomes).toEqual([
    ['copies.placed', 'noted'],
    ['access.grants', 'failed'],
  ]);
  expect((await findingsOf(run.id)).map(({ code, subject }) => [code, subject.id])).toEqual([
    ['A_LOW', 'hq'],
    ['A_HIGH', RECORD],
  ]);
});

test('a check that throws, or takes too long, did not run, and the audit fails', async () => {
  const hangs = plain(() => new Promise(() => undefined));
  const throws = plain(async () => {
    throw new TypeError('nobody expected this');
  });
  scene.deps.sources.limits = { ...scene.deps.sources.limits, checkMinutes: 1 / 6000 };
  scene.checks({ 'clock.sane': hangs, 'ledger.tree': throws });
  const run = await showRun(scene.deps, await audited());
  expect(run).toMatchObject({ outcome: 'failed', figures: { notRun: 2, findings: 0 } });
  expect(run.checks.slice(0, 2).map(({ outcome, code }) => [outcome, code])).toEqual([
    ['not-run', 'AUDIT_TIMED_OUT'],
    ['not-run', 'INTERNAL'],
  ]);
});

test('broken off, it goes on at the check that had not ended, and runs none twice', async () => {
  const closing = new AbortController();
  let runs = 0;
  const counted = plain(async () => {
    runs += 1;
    return { looked: 1, findings: [high()] };
  });
  scene.checks({
    'clock.sane': counted,
    'ledger.tree': plain(async () => {
      closing.abort();
      return new Promise(() => undefined);
    }),
  });
  const id = await beginAudit(scene.deps, OFFICER, 'r1');
  await expect(workAudit(scene.deps, id, closing.signal)).rejects.toThrow();
  expect((await showRun(scene.deps, id)).progress.done).toBe(1);
  scene.checks({ 'clock.sane': counted });
  await workAudit(scene.deps, id, NEVER);
  const run = await showRun(scene.deps, id);
  expect([run.outcome, run.figures?.findings, runs]).toEqual(['failed', 1, 1]);
  await workAudit(scene.deps, id, NEVER);
  expect(scene.told).toHaveLength(1);
});

test('a check in whose midst the archive is ended again and again is given up, and the others run', async () => {
  const ended = plain(() => new Promise(() => undefined));
  scene.checks({ 'ledger.tree': ended });
  const id = await beginAudit(scene.deps, OFFICER, 'r1');
  const { db } = scene.deps;
  for (let kill = 1; kill <= 8; kill += 1) {
    // As a kill leaves it: begun, and no end of the check written down.
    void workAudit(scene.deps, id, NEVER).catch(() => undefined);
    const tries = () => db.selectFrom('audit_run').select(['trying', 'tries']).executeTakeFirst();
    await expect.poll(tries).toEqual({ trying: 'ledger.tree', tries: kill });
  }
  scene.checks({});
  await workAudit(scene.deps, id, NEVER);
  const run = await showRun(scene.deps, id);
  expect(
    run.checks.flatMap(({ id, outcome, code }) => (outcome === 'passed' ? [] : [[id, code]])),
  ).toEqual([['ledger.tree', 'AUDIT_GAVE_UP']]);
  expect(run.outcome).toBe('failed');
});

test('one audit at a time, and one a month by schedule whoever comes first', async () => {
  await beginAudit(scene.deps, OFFICER, 'r1');
  await expect(beginAudit(scene.deps, OTHER, 'r2')).rejects.toMatchObject({
    code: 'AUDIT_RUNNING',
  });
  await workAudit(scene.deps, scene.queued[0] ?? '', NEVER);
  const begun = await Promise.all([1, 2, 3].map(() => beginScheduled(scene.deps, '2026-11')));
  expect(begun.filter((id) => id !== undefined)).toHaveLength(1);
});

test('it takes two people to accept a finding; then the next audit passes with it, for a year', async () => {
  scene.checks({ 'access.grants': finding(high()) });
  const first = await audited();
  const [one] = await findingsOf(first);
  const id = one?.id ?? '';
  const asked = await acceptFinding(scene.deps, id, by(OFFICER, 'p1'));
  expect(asked).toMatchObject({ state: 'open', askedBy: OFFICER.id, reason: 'known and wanted' });
  // The same person by another account, and the same account as another person, are no second one.
  for (const same of [by(OTHER, 'p1'), by(OFFICER, 'p2')]) {
    expect((await acceptFinding(scene.deps, id, same)).state).toBe('open');
  }
  await acceptFinding(scene.deps, id, by(OFFICER, 'p1'));
  expect(await acceptFinding(scene.deps, id, by(OTHER, 'p3'))).toMatchObject({ state: 'accepted' });
  await expect(acceptFinding(scene.deps, id, by(OTHER, 'p3'))).rejects.toMatchObject({
    code: 'FINDING_NOT_OPEN',
  });
  expect(await showRun(scene.deps, await audited())).toMatchObject({
    ...{ outcome: 'passed', figures: { findings: 1, accepted: 1, open: 0 } },
  });
  scene.clock.set('2027-11-30T01:00:00Z');
  expect((await showRun(scene.deps, await audited())).outcome).toBe('failed');
});

test('a re-test that does not find the same again fixes it; one that does leaves it open', async () => {
  scene.checks({ 'access.grants': finding(high()) });
  const [one] = await findingsOf(await audited());
  const id = one?.id ?? '';
  expect((await retestFinding(scene.deps, id, by(OFFICER, 'p1'))).state).toBe('open');
  scene.checks({
    'access.grants': plain(async () => {
      throw new TypeError('not now');
    }),
  });
  await expect(retestFinding(scene.deps, id, by(OFFICER, 'p1'))).rejects.toMatchObject({
    code: 'FINDING_NOT_RETESTED',
  });
  scene.checks({ 'access.grants': finding(high('0198a1b2-0000-7000-8000-0000000000bb')) });
  expect((await retestFinding(scene.deps, id, by(OFFICER, 'p1'))).state).toBe('fixed');
});

test('what a later audit does not find again is fixed, but not what only a sample looked at', async () => {
  scene.checks({ 'access.grants': finding(high()), 'objects.evidence': finding(high()) });
  const first = await audited();
  scene.checks({});
  await audited();
  expect((await findingsOf(first)).map(({ check, state }) => [check, state])).toEqual([
    ['objects.evidence', 'open'],
    ['access.grants', 'fixed'],
  ]);
});

test('the trend counts the findings of each check, run by run', async () => {
  scene.checks({ 'access.grants': finding(high()) });
  await audited();
  scene.clock.set('2026-12-01T01:00:00Z');
  scene.checks({});
  await audited();
  const now = scene.clock.now();
  const { points } = await trendOf(scene.deps.db, { months: 12, now, timeZone: 'Asia/Shanghai' });
  expect(points.map(({ outcome, checks }) => [outcome, checks['access.grants']])).toEqual([
    ['failed', 1],
    ['passed', 0],
  ]);
});

test('the next audit is that of the first day at its hour, the archive’s zone, after the first entry', async () => {
  const { db } = scene.deps;
  const at = new Date('2026-11-27T00:00:00Z');
  await db
    .insertInto('ledger_entry')
    .values({
      ...{
        index: 0,
        outbox_id: null,
        at,
        sequenced_at: at,
        actor_id: 'archive',
        bytes: Buffer.from('{}'),
      },
      ...{ actor_role: 'system', action: 'archive.create', resource: null, purpose_category: null },
      ...{ outcome: 'ok', request_id: null },
    })
    .execute();
  const schedule = { day: 1, hour: 4, timeZone: 'Asia/Shanghai' };
  const next = (now: string) => nextAudit(db, schedule, new Date(now));
  expect(await next('2026-11-28T01:00:00Z')).toEqual({
    ...{ month: '2026-12', at: new Date('2026-11-30T20:00:00Z') },
  });
  // Down for the whole of December and until the middle of January: one audit, and at once.
  expect((await next('2027-01-15T00:00:00Z'))?.month).toBe('2027-01');
  expect(await nextAudit(db, { ...schedule, day: 0 }, at)).toBeUndefined();
});

test('findings come page by page, and by state', async () => {
  const ids = Array.from({ length: 5 }, () => newUuidV7());
  scene.checks({ 'access.grants': finding(...ids.map((id) => high(id))) });
  const run = await audited();
  const first = await listFindings(scene.deps, run, { limit: 3, state: 'open' });
  const rest = await listFindings(scene.deps, run, { limit: 3, after: first.next ?? '' });
  expect([...first.findings, ...rest.findings].map(({ subject }) => subject.id)).toEqual(ids);
  expect(rest.next).toBeUndefined();
  expect((await listFindings(scene.deps, run, { limit: 3, state: 'fixed' })).findings).toEqual([]);
});
