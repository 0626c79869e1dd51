import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { authenticate, cookieHeader, setRole, signIn } from '../../access/index.ts';
import { changing } from '../../access/seals.testing.ts';
import {
  codeOf,
  type EngagementScene,
  engagementScene,
  HOUSE_AUDITOR,
  LI,
  officer,
  PASSWORD,
  START,
  TERMS,
  WANG,
} from './engagement-scene.testing.ts';
import {
  answerEvidence,
  answerFinding,
  askEvidence,
  closeEngagement,
  closeFinding,
  confirmEngagement,
  listEngagements,
  listEvidence,
  listExternalFindings,
  noteLook,
  openEngagement,
  timeBoxOf,
  viewEngagement,
  withdrawEvidence,
  writeFinding,
} from './index.ts';

let scene: EngagementScene;
beforeAll(async () => {
  scene = await engagementScene();
});
beforeEach(() => scene.clock.set(START));
afterAll(() => scene.close());

const actionsOn = async (resource: string): Promise<string[]> => {
  const rows = await scene.database.db
    .selectFrom('ledger_entry')
    .select('action')
    .where('resource', '=', resource)
    .orderBy('index')
    .execute();
  return rows.map(({ action }) => action);
};

test('an engagement takes effect when another person confirms its very text', async () => {
  const { deps, database } = scene;
  const id = await openEngagement(deps, TERMS, LI);
  const { commitment, state, may } = await viewEngagement(deps, id, WANG);
  expect([state, may]).toEqual(['opened', ['confirm', 'close']]);
  expect((await viewEngagement(deps, id, LI)).may).toEqual(['close']);
  expect(await codeOf(timeBoxOf(deps, database.db, id))).toBe('ENGAGEMENT_STATE');
  const confirm = (party: typeof LI, text = commitment) =>
    codeOf(confirmEngagement(deps, id, text, party));
  expect(await confirm(LI)).toBe('ENGAGEMENT_SECOND_PERSON');
  expect(await confirm(officer('other-account', 'li'))).toBe('ENGAGEMENT_SECOND_PERSON');
  expect(await confirm(WANG, 'a'.repeat(64))).toBe('ENGAGEMENT_TEXT_OTHER');
  expect(await confirm(WANG)).toBe('done');
  expect(await confirm(WANG)).toBe('ENGAGEMENT_STATE');
  expect((await viewEngagement(deps, id, LI)).state).toBe('confirmed');
  expect(await actionsOn(id)).toEqual(['engagement.open', 'engagement.confirm']);
});

test('no engagement begins before today or lasts more than ninety days', async () => {
  const { deps } = scene;
  const open = (more: Partial<typeof TERMS>) =>
    codeOf(openEngagement(deps, { ...TERMS, ...more }, LI));
  expect(await open({ from: '2026-11-19' })).toBe('ENGAGEMENT_DAYS_INVALID');
  expect(await open({ until: '2026-11-19' })).toBe('ENGAGEMENT_DAYS_INVALID');
  expect(await open({ until: '2027-02-18' })).toBe('ENGAGEMENT_DAYS_INVALID');
  expect(await open({ calls: { ...TERMS.calls, to: '2025-12-31' } })).toBe(
    'ENGAGEMENT_DAYS_INVALID',
  );
  expect(await open({ until: '2027-02-17' })).toBe('done');
});

test('an auditor’s account opens nothing before the first day, after the last, and once it is closed', async () => {
  const { deps, clock, database } = scene;
  const id = await scene.engaged({ from: '2026-11-22' });
  await scene.auditor(id, 'boxed');
  const enter = () => signIn(deps, { username: 'boxed', password: PASSWORD });
  expect(await codeOf(enter())).toBe('ENGAGEMENT_OVER');
  clock.set('2026-11-21T16:00:00Z');
  const { cookies, viewer } = await enter();
  expect(viewer.engagementId).toBe(id);
  const headers = { cookie: cookieHeader(cookies) };
  expect((await authenticate(deps, headers))?.actorId).toBe(viewer.actorId);
  clock.set('2026-12-20T15:59:00Z');
  const late = { cookie: cookieHeader((await enter()).cookies) };
  expect(await authenticate(deps, late)).toBeDefined();
  clock.set('2026-12-20T16:00:00Z');
  expect(await codeOf(authenticate(deps, late))).toBe('ENGAGEMENT_OVER');
  expect(await codeOf(enter())).toBe('ENGAGEMENT_OVER');
  expect(await codeOf(timeBoxOf(deps, database.db, id))).toBe('ENGAGEMENT_STATE');
});

test('closing ends the sessions of its auditors at once, and none of them comes in again', async () => {
  const { deps, clock } = scene;
  const id = await scene.engaged();
  await scene.auditor(id, 'shut');
  const enter = () => signIn(deps, { username: 'shut', password: PASSWORD });
  const headers = { cookie: cookieHeader((await enter()).cookies) };
  await closeEngagement(deps, id, '审计提前结束', LI);
  expect(await authenticate(deps, headers)).toBeUndefined();
  expect(await codeOf(enter())).toBe('ENGAGEMENT_OVER');
  clock.set('2026-11-25T01:00:00Z');
  expect(await codeOf(enter())).toBe('ENGAGEMENT_OVER');
  expect(await codeOf(closeEngagement(deps, id, '再次', LI))).toBe('ENGAGEMENT_STATE');
});

test('whoever writes the database cannot let an account go on: its time is sealed with it', async () => {
  const { deps, clock, database } = scene;
  const id = await scene.engaged();
  const { actor } = await scene.auditor(id, 'stretched');
  await database.db
    .updateTable('staff')
    .set({ shuts_at: new Date('2030-01-01') })
    .where('actor_id', '=', actor.id)
    .execute();
  clock.set('2026-12-25T01:00:00Z');
  const enter = signIn(deps, { username: 'stretched', password: PASSWORD });
  expect(await codeOf(enter)).toBe('SIGN_IN_FAILED');
});

test('an outside auditor never becomes anything else', async () => {
  const { deps } = scene;
  const id = await scene.engaged();
  const { actor } = await scene.auditor(id, 'fixed-role');
  const change = changing(deps, (tx) => setRole(tx, actor.id, { role: 'qa' }));
  expect(await codeOf(change)).toBe('ACCOUNT_INVALID');
});

test('to an outside auditor there is no engagement but their own, and they change no other', async () => {
  const { deps } = scene;
  const [own, other] = [await scene.engaged(), await scene.engaged()];
  const auditor = await scene.auditor(own, 'of-one');
  const { engagements } = await listEngagements(deps, auditor);
  expect(engagements.map((one) => [one.id, one.may])).toEqual([[own, ['examine']]]);
  expect(await codeOf(noteLook(deps, other, 'engagement', auditor))).toBe('ENGAGEMENT_UNKNOWN');
  const question = { wanted: '灾备演练记录', recordIds: [], dueOn: '2026-12-01' };
  expect(await codeOf(askEvidence(deps, other, question, auditor))).toBe('ENGAGEMENT_UNKNOWN');
  expect(await codeOf(askEvidence(deps, own, question, HOUSE_AUDITOR))).toBe('ENGAGEMENT_OTHER');
  expect((await listEngagements(deps, HOUSE_AUDITOR)).engagements.length).toBeGreaterThan(1);
});

test('evidence is asked for by a day, answered once with what it rests on, and late when it is not', async () => {
  const { deps, clock } = scene;
  const id = await scene.engaged();
  const auditor = await scene.auditor(id, 'asking');
  const [recordId = ''] = await scene.calls(['basic']);
  const ask = (more: object) =>
    askEvidence(
      deps,
      id,
      { wanted: '灾备演练', recordIds: [], dueOn: '2026-12-01', ...more },
      auditor,
    );
  expect(await codeOf(ask({ dueOn: '2026-12-21' }))).toBe('ENGAGEMENT_DAYS_INVALID');
  expect(await codeOf(ask({ recordIds: [recordId] }))).toBe('EVIDENCE_REFERENCE_UNKNOWN');
  const [first, second, third] = [await ask({}), await ask({}), await ask({})];
  await withdrawEvidence(deps, { engagementId: id, evidenceId: third }, auditor);
  const answer = (references: Parameters<typeof answerEvidence>[2]['references']) =>
    answerEvidence(
      deps,
      { engagementId: id, evidenceId: first },
      { answer: '见账本第一条', references },
      LI,
    );
  expect(await codeOf(answer([{ kind: 'entry', id: '999999' }]))).toBe(
    'EVIDENCE_REFERENCE_UNKNOWN',
  );
  await answer([{ kind: 'entry', id: '0' }]);
  expect(await codeOf(answer([]))).toBe('EVIDENCE_STATE');
  clock.set('2026-12-02T01:00:00Z');
  const { evidence } = await listEvidence(deps, id, LI);
  const [answered, asked, withdrawn] = [first, second, third].map((one) =>
    evidence.find((shown) => shown.id === one),
  );
  expect([answered?.state, answered?.overdue, answered?.answer]).toEqual([
    ...['answered', false, '见账本第一条'],
  ]);
  expect([asked?.state, asked?.overdue, asked?.answer]).toEqual(['asked', true, undefined]);
  expect([withdrawn?.state, withdrawn?.overdue]).toEqual(['withdrawn', false]);
  expect((await viewEngagement(deps, id, LI)).counts).toMatchObject({
    ...{ evidenceOpen: 1, evidenceOverdue: 1 },
  });
  expect(await actionsOn(first)).toEqual([
    ...['engagement.ask_evidence', 'engagement.answer_evidence'],
  ]);
});

test('a finding is answered by an officer and closed by its auditor', async () => {
  const { deps, clock } = scene;
  const id = await scene.engaged();
  const auditor = await scene.auditor(id, 'finding');
  const about = { kind: 'check', id: 'clock.sane' } as const;
  const written = { severity: 'high', about, text: '缺少复核' } as const;
  const other = { ...written, about: { kind: 'check', id: 'ledger.tree' } } as const;
  expect(await codeOf(writeFinding(deps, id, other, auditor))).toBe('ENGAGEMENT_SCOPE');
  const findingId = await writeFinding(deps, id, written, auditor);
  const one = { engagementId: id, findingId };
  await answerFinding(deps, one, { verdict: 'disputed', text: '已有复核记录' }, LI);
  const accepted = { verdict: 'accepted', text: '将补充复核', dueOn: '2026-12-01' } as const;
  await answerFinding(deps, one, accepted, WANG);
  clock.set('2026-12-05T01:00:00Z');
  const [late] = (await listExternalFindings(deps, id, LI)).findings;
  expect([late?.state, late?.overdue, late?.dueOn]).toEqual(['accepted', true, '2026-12-01']);
  expect(await codeOf(closeFinding(deps, one, { text: '已核实' }, LI))).toBe('ENGAGEMENT_STATE');
  await closeFinding(deps, one, { text: '整改已核实' }, auditor);
  const later = { ...accepted, dueOn: '2026-12-31' };
  expect(await codeOf(answerFinding(deps, one, later, LI))).toBe('FINDING_STATE');
  const [closed] = (await listExternalFindings(deps, id, LI)).findings;
  expect([closed?.state, closed?.overdue, closed?.closing]).toEqual([
    'closed',
    false,
    '整改已核实',
  ]);
});

test('what is open when the auditors have gone is closed by another officer than who answered', async () => {
  const { deps } = scene;
  const id = await scene.engaged();
  const auditor = await scene.auditor(id, 'leaving');
  const about = { kind: 'engagement', id } as const;
  const written = { severity: 'low', about, text: '归档命名不一' } as const;
  const one = { engagementId: id, findingId: await writeFinding(deps, id, written, auditor) };
  await closeEngagement(deps, id, '项目结束', LI);
  const close = (party: typeof LI) => codeOf(closeFinding(deps, one, { text: '已整改' }, party));
  expect(await close(auditor)).toBe('ENGAGEMENT_STATE');
  expect(await close(WANG)).toBe('FINDING_STATE');
  await answerFinding(deps, one, { verdict: 'disputed', text: '不影响检索' }, LI);
  expect(await close(LI)).toBe('ENGAGEMENT_SECOND_PERSON');
  expect(await close(WANG)).toBe('done');
});

test('no text of an engagement lies open in the catalog, the journal’s rows or the ledger', async () => {
  const { deps, database } = scene;
  const words = [
    '华信会计',
    '年度第三方',
    '机密问题',
    '机密答复',
    '机密发现',
    '机密回应',
    '机密结语',
  ];
  const id = await scene.engaged();
  const auditor = await scene.auditor(id, 'sealing');
  const question = { wanted: '机密问题', recordIds: [], dueOn: '2026-12-01' };
  const evidenceId = await askEvidence(deps, id, question, auditor);
  const answered = { answer: '机密答复', references: [] };
  await answerEvidence(deps, { engagementId: id, evidenceId }, answered, LI);
  const about = { kind: 'evidence', id: evidenceId } as const;
  const written = { severity: 'low', about, text: '机密发现' } as const;
  const one = { engagementId: id, findingId: await writeFinding(deps, id, written, auditor) };
  await answerFinding(deps, one, { verdict: 'disputed', text: '机密回应' }, LI);
  await closeFinding(deps, one, { text: '机密结语' }, auditor);
  const tables = ['engagement', 'engagement_evidence', 'engagement_finding', 'journal_outbox'];
  for (const table of [...tables, 'ledger_entry', 'notice']) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t`.execute(database.db);
    const text = rows.map(({ row }) => row).join('\n');
    expect(text.length, table).toBeGreaterThan(0);
    for (const word of words) {
      const hex = Buffer.from(word).toString('hex');
      expect([table, text.includes(word), text.includes(hex)]).toEqual([table, false, false]);
    }
  }
});
