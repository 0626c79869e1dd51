import type {
  NoticesView,
  SubjectRecordsView,
  SubjectRequestDetail,
  SubjectRequestsView,
  SubjectRequestView,
} from '@voxkeep/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RecordId } from '../../core/ids.ts';
import { tellDeadlines } from '../../retire/requests/index.ts';
import { restrict, restrictLate } from '../../retire/restrictions/index.ts';
import { ACCOUNT, PHONE, type SubjectScene, subjectScene } from '../subject-scene.testing.ts';
import { textOf, unzip } from './unzip.testing.ts';

let subject: SubjectScene;
const OTHER = '13600009999';
const START = new Date('2026-11-20T04:00:00Z');

beforeAll(async () => {
  subject = await subjectScene();
});
afterAll(() => subject.scene.close());
beforeEach(() => {
  subject.clock.set(START);
  subject.scene.intake.entries.length = 0;
});
/** What is left of a test is not found by the next one. */
afterEach(async () => {
  for (const table of ['call', 'call_text', 'person_watch', 'subject_request'] as const) {
    await subject.db.deleteFrom(table).execute();
  }
});

const REQUEST = { identity: '核对身份证', receivedOn: '2026-11-20' };
const enter = (body: object, who = subject.people.officer) =>
  subject.post<SubjectRequestView>(who, '/subject-requests', { ...REQUEST, ...body });
const act = (id: string, verb: string, body: object = {}, who = subject.people.second) =>
  subject.post<SubjectRequestView>(who, `/subject-requests/${id}/${verb}`, body);
const detail = async (id: string) =>
  (await subject.get<SubjectRequestDetail>(subject.people.officer, `/subject-requests/${id}`)).body;
const list = async (box: string) =>
  (await subject.get<SubjectRequestsView>(subject.people.officer, `/subject-requests?box=${box}`))
    .body;

it('finds a person by the whole number, however it is written, and by the account', async () => {
  await subject.call({ phone: '+86 137-1234-5678' });
  await subject.call({ account: ACCOUNT, phone: OTHER });
  await subject.call({ phone: '13712345679' });
  const found = async (who: object) => {
    const { body } = await enter({ kind: 'copy', ...who });
    return (await detail(body.id)).records;
  };
  expect(await found({ phone: PHONE })).toBe(1);
  expect(await found({ account: ACCOUNT })).toBe(1);
  expect(await found({ phone: '0086 137 1234 5678', account: ACCOUNT })).toBe(2);
  for (const part of ['5678', '137****5678', '号码']) {
    const refused = await enter({ kind: 'copy', phone: part });
    expect([part, refused.status, refused.body.field]).toEqual([part, 400, 'body/phone']);
  }
  const searches = subject.scene.intake.entries.filter(({ action }) => action === 'record.search');
  // Each was looked for when it was entered, and when it was opened.
  expect(searches).toHaveLength(6);
});

it('an erasure is granted by another person than who entered it, under whichever account', async () => {
  const id = await subject.call({ phone: PHONE });
  const { body } = await enter({ kind: 'erasure', phone: PHONE });
  expect(body).toMatchObject({ state: 'received', answerBy: '2026-12-05', daysLeft: 15 });
  for (const who of [subject.people.officer, subject.people.twin]) {
    const refused = await act(body.id, 'grant', {}, who);
    expect([refused.status, refused.body.code]).toEqual([403, 'SUBJECT_SECOND_PERSON']);
  }
  expect(await subject.stateOf(id)).toEqual(['archived', false]);
  const granted = await act(body.id, 'grant');
  expect(granted.body).toMatchObject({ state: 'granted', may: ['withdraw'] });
  await subject.drain();
  expect(await subject.stateOf(id)).toEqual(['restricted', true]);
  expect(await detail(body.id)).toMatchObject({ state: 'done', restricted: 1, overdue: false });
  const twice = await act(body.id, 'grant');
  expect([twice.status, twice.body.code]).toEqual([409, 'SUBJECT_REQUEST_STATE']);
});

it('says of each record when it goes by which rule, or why it stays', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 4; at += 1) ids.push(await subject.call({ phone: PHONE }));
  const [kept = '', over = '', held = '', open = ''] = ids;
  const term = (record_id: string, keep_until: string, open_ended = false) => ({
    ...{ record_id, keep_until, open_ended, at_most: null, due_on: null, rules: 1, why: '{}' },
    rule: `rule-${keep_until.slice(0, 4)}`,
  });
  await subject.db
    .insertInto('record_term')
    .values([
      ...[term(kept, '2031-11-02'), term(over, '2020-01-01'), term(held, '2031-11-02')],
      term(open, '2027-01-01', true),
    ])
    .execute();
  const holdId = '0198a1b2-0000-7000-8000-0000000000cc';
  await subject.db
    .insertInto('held_record')
    .values({ record_id: held, hold_id: holdId, held_at: START })
    .execute();
  const { id } = await subject.granted({ kind: 'erasure', phone: PHONE });
  const path = `/subject-requests/${id}/records`;
  const { body } = await subject.get<SubjectRecordsView>(subject.people.officer, path);
  const of = (one: string) => body.records.find((record) => record.id === one);
  expect(of(kept)).toMatchObject({ goesOn: '2031-11-02', because: 'rule', rule: 'rule-2031' });
  // Its minimum is over: it is due now.
  expect(of(over)).toMatchObject({ goesOn: '2026-11-20', because: 'rule', state: 'restricted' });
  expect(of(held)).toMatchObject({ because: 'held' });
  expect(of(open)).toMatchObject({ because: 'open_ended' });
  expect([of(held)?.goesOn, of(open)?.goesOn]).toEqual([undefined, undefined]);
  // Of a copy it is said in the same way: what is restricted goes when its minimum is over.
  const copied = await enter({ kind: 'copy', phone: PHONE });
  const seen = await subject.get<SubjectRecordsView>(
    subject.people.officer,
    `/subject-requests/${copied.body.id}/records`,
  );
  expect(seen.body.records.find((record) => record.id === kept)?.goesOn).toBe('2031-11-02');
  const page = await subject.get<SubjectRecordsView>(subject.people.officer, `${path}?limit=3`);
  const rest = `${path}?after=${page.body.next}`;
  const second = await subject.get<SubjectRecordsView>(subject.people.officer, rest);
  expect(new Set([...page.body.records, ...second.body.records].map((one) => one.id)).size).toBe(4);
});

it('a withdrawal restores exactly what it restricted, and nothing that has another cause', async () => {
  // What is restricted together is told of in the order of the ids.
  const calls = [await subject.call({ phone: PHONE }), await subject.call({ phone: PHONE })];
  const [alone, both] = calls.toSorted() as [RecordId, RecordId];
  const rows = async (id: string) => {
    const { rows: found } = await sql`select to_jsonb(r) as record, to_jsonb(c) as call,
      to_jsonb(t) as text from record r join call c on c.id = r.id join call_text t on t.id = r.id
      where r.id = ${id}::uuid`.execute(subject.db);
    return found;
  };
  const before = await rows(alone);
  const closure = { id: '0198a1b2-0000-7000-8000-0000000000dd', kind: 'closure' } as const;
  const actor = { id: 'archive', role: 'system' };
  await subject.db
    .transaction()
    .execute((tx) => restrict(subject.work, tx, [both], { ...closure, actor }));
  const { id } = await subject.granted({ kind: 'erasure', phone: PHONE });
  expect(await subject.stateOf(alone)).toEqual(['restricted', true]);
  const withdrawn = await act(id, 'withdraw', { reason: '登记有误' });
  expect([withdrawn.status, withdrawn.body.state]).toEqual([200, 'withdrawn']);
  await subject.drain();
  expect(await rows(alone)).toEqual(before);
  expect(await subject.stateOf(both)).toEqual(['restricted', true]);
  const left = await subject.db
    .selectFrom('record_restriction')
    .select('cause_id')
    .where('record_id', 'in', [alone, both])
    .execute();
  expect(left.map((one) => one.cause_id)).toEqual([closure.id]);
  const told = subject.scene.intake.entries.filter(({ action }) => action === 'record.restrict');
  expect(told.map(({ resource, detail: of }) => [resource, of?.['to']])).toEqual([
    ...[
      [both, 'restricted'],
      [alone, 'restricted'],
      [both, 'restricted'],
    ],
    ...[
      [alone, 'archived'],
      [both, 'restricted'],
    ],
  ]);
  // Later calls are let be.
  const startedAt = new Date('2026-11-03T00:00:00Z');
  const late = await subject.call({ phone: PHONE }, { startedAt });
  await subject.db
    .transaction()
    .execute((tx) => restrictLate(subject.work, tx, { recordId: late, startedAt, phone: PHONE }));
  expect(await subject.stateOf(late)).toEqual(['archived', false]);
});

it('a walk that was cut goes on where it was, and a call that arrives after a grant follows', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 3; at += 1) ids.push(await subject.call({ phone: PHONE }));
  const { correct, setRestricted } = subject.work;
  let calls = 0;
  subject.work.setRestricted = async (...given) => {
    calls += 1;
    if (calls === 2) throw new Error('cut');
    return setRestricted(...given);
  };
  await expect(subject.granted({ kind: 'erasure', phone: PHONE })).rejects.toThrow('cut');
  Object.assign(subject.work, { correct, setRestricted });
  const { requests } = await list('due');
  expect(requests).toMatchObject([{ state: 'granted', restricted: 0 }]);
  await subject.db.transaction().execute((tx) => {
    return subject.work.queue.walkRequest(tx, requests[0]?.id ?? '');
  });
  await subject.drain();
  for (const id of ids) expect(await subject.stateOf(id)).toEqual(['restricted', true]);
  const startedAt = new Date('2026-11-19T00:00:00Z');
  const late = await subject.call({ phone: PHONE }, { startedAt });
  const nextDay = new Date('2026-11-20T16:00:00Z');
  const another = await subject.call({ phone: PHONE }, { startedAt: nextDay });
  await subject.db.transaction().execute(async (tx) => {
    const call = { recordId: late, startedAt, phone: PHONE };
    await restrictLate(subject.work, tx, call);
    await restrictLate(subject.work, tx, { ...call, recordId: another, startedAt: nextDay });
  });
  expect(await subject.stateOf(late)).toEqual(['restricted', true]);
  expect(await subject.stateOf(another)).toEqual(['archived', false]);
});

it('has to be answered through the end of the last day of the archive’s zone; compliance is told three days before, and when it is over, once each', async () => {
  await subject.call({ phone: PHONE });
  const { body } = await enter({ kind: 'copy', phone: PHONE });
  expect(body.answerBy).toBe('2026-12-05');
  const told = async (at: string) => {
    subject.clock.set(at);
    return [await tellDeadlines(subject.work), (await list('all')).counts];
  };
  // Midnight in Shanghai is 16:00 UTC of the day before.
  expect(await told('2026-12-01T15:59:59Z')).toEqual([0, { open: 1, dueSoon: 0, overdue: 0 }]);
  expect(await told('2026-12-01T16:00:00Z')).toEqual([1, { open: 1, dueSoon: 1, overdue: 0 }]);
  expect(await told('2026-12-05T15:59:59Z')).toEqual([0, { open: 1, dueSoon: 1, overdue: 0 }]);
  expect(await told('2026-12-05T16:00:00Z')).toEqual([1, { open: 1, dueSoon: 0, overdue: 1 }]);
  expect(await told('2026-12-09T00:00:00Z')).toEqual([0, { open: 1, dueSoon: 0, overdue: 1 }]);
  const overdue = await list('overdue');
  expect(overdue.requests).toMatchObject([{ id: body.id, daysLeft: -4, overdue: true }]);
  const { body: notices } = await subject.get<NoticesView>(subject.people.second, '/notices');
  const own = notices.notices.filter(({ resource }) => resource === body.id);
  expect(own.map(({ kind }) => kind)).toEqual([
    ...['subject.overdue', 'subject.due', 'subject.awaiting'],
  ]);
});

it('a deadline is put off once, with a reason, and is told of anew', async () => {
  const { body } = await enter({ kind: 'copy', phone: PHONE });
  const reason = '记录较多，需要更多时间';
  const extended = await act(body.id, 'extend', { reason, days: 10 });
  expect(extended.body).toMatchObject({ answerBy: '2026-12-15', daysLeft: 25 });
  const again = await act(body.id, 'extend', { reason });
  expect([again.status, again.body.code]).toEqual([409, 'SUBJECT_EXTENDED_ALREADY']);
  expect(await detail(body.id)).toMatchObject({ extensionReason: reason });
  expect((await act(body.id, 'extend', {})).body.field).toBe('body/reason');
});

it('a refusal ends it, and its reason can be read', async () => {
  const { body } = await enter({ kind: 'erasure', phone: PHONE });
  const reason = '身份无法核实';
  const refused = await act(body.id, 'refuse', { reason });
  expect(refused.body).toMatchObject({ state: 'refused', may: [], overdue: false });
  expect(refused.body.daysLeft).toBeUndefined();
  expect(await detail(body.id)).toMatchObject({ decisionReason: reason });
  expect((await act(body.id, 'grant')).body.code).toBe('SUBJECT_REQUEST_STATE');
});

it('a copy is taken once, holds what is the person’s own, and each record of it stands in the ledger', async () => {
  const own = await subject.call({ phone: PHONE, account: 'KH-family' });
  const more = await subject.call({ phone: PHONE });
  await subject.call({ phone: OTHER });
  const { id } = await subject.granted({ kind: 'copy', phone: PHONE, withMedia: true });
  const path = `/api/v1/subject-requests/${id}/copy`;
  const taken = await subject.scene.send('POST', path, subject.people.officer);
  expect(taken.status).toBe(200);
  const files = unzip(taken.bytes);
  expect([...files.keys()].filter((name) => name.startsWith('records/')).sort()).toEqual(
    [own, more]
      .flatMap((one) =>
        ['media.wav', 'record.json', 'transcript.json', 'transcript.vtt'].map(
          (file) => `records/${one}/${file}`,
        ),
      )
      .sort(),
  );
  expect(JSON.parse(textOf(files, `records/${own}/record.json`))).toMatchObject({
    ...{ recordId: own, customer: { phone: PHONE } },
  });
  const whole = [...files.keys()].map((name) => textOf(files, name)).join('\n');
  // The account is another's for all we know, and so is the name; the agent is a number at work.
  for (const foreign of ['KH-family', 'KH-20931', '林晓', '王晓燕', OTHER]) {
    expect(whole).not.toContain(foreign);
  }
  const exported = subject.scene.intake.entries.filter(({ action }) => action === 'record.export');
  expect(exported.map(({ resource }) => resource).sort()).toEqual([own, more].sort());
  expect((await detail(id)).state).toBe('done');
  const again = await subject.scene.send('POST', path, subject.people.officer);
  expect([again.status, JSON.parse(again.text)]).toMatchObject([
    ...[409, { code: 'SUBJECT_REQUEST_STATE' }],
  ]);
});

it('a copy that breaks off is taken again only when it is granted again', async () => {
  await subject.call({ phone: PHONE });
  const { id } = await subject.granted({ kind: 'copy', phone: PHONE });
  const path = `/api/v1/subject-requests/${id}/copy`;
  const somebody = { actor: { id: 'somebody', role: 'compliance' }, person: 'p' };
  // It is begun, and never said to have left whole.
  await subject.scene.serve.subjects.beginCopy(id, somebody, 'r1');
  expect((await act(id, 'copy')).body.code).toBe('SUBJECT_REQUEST_STATE');
  expect((await act(id, 'grant')).status).toBe(200);
  const taken = await subject.scene.send('POST', path, subject.people.officer);
  expect([taken.status, unzip(taken.bytes).has('index.json')]).toEqual([200, true]);
});

it('a copy of nobody’s calls is not granted', async () => {
  const { body } = await enter({ kind: 'copy', phone: PHONE });
  const refused = await act(body.id, 'grant');
  expect([refused.status, refused.body.code]).toEqual([422, 'SUBJECT_COPY_EMPTY']);
});

it('a correction changes what is searched by and shown, and what stood there is kept', async () => {
  const id = await subject.call({ phone: PHONE });
  const other = await subject.call({ phone: OTHER });
  const corrections = [
    { recordId: id, field: 'issueType', value: '投诉' },
    { recordId: id, field: 'segment', value: 'vip' },
  ];
  const wrong = async (more: object) => {
    const list = [corrections[0], { ...corrections[1], ...more }];
    const { status, body } = await enter({ kind: 'correction', phone: PHONE, corrections: list });
    return [status, body.code, body.field];
  };
  expect(await wrong({ recordId: other })).toEqual([
    ...[422, 'SUBJECT_RECORD_OTHER', 'body/corrections/1/recordId'],
  ]);
  expect(await wrong({ value: '没有的值' })).toEqual([
    ...[422, 'SUBJECT_VALUE_UNKNOWN', 'body/corrections/1/value'],
  ]);
  expect((await wrong({ field: 'agentNote' }))[0]).toBe(400);
  const done = await subject.granted({ kind: 'correction', phone: PHONE, corrections });
  const call = await subject.db
    .selectFrom('call')
    .select(['issue_type', 'segment'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(call).toEqual({ issue_type: '投诉', segment: 'vip' });
  const shown = await subject.get<{ issueType: string; segment: string }>(
    subject.people.qa,
    `/records/${id}`,
  );
  expect(shown.body).toMatchObject({ issueType: '投诉', segment: 'vip' });
  const { state, corrections: made } = await detail(done.id);
  expect([state, made?.map((one) => one.before)]).toEqual(['done', ['业务咨询', undefined]]);
  const told = subject.scene.intake.entries.filter(({ action }) => action === 'record.correct');
  expect(told).toMatchObject([
    { resource: id, detail: { field: 'issueType', cause: done.id } },
    { resource: id, detail: { field: 'segment', cause: done.id } },
  ]);
});

it('nothing of who it is stands in the clear in any table or in the ledger', async () => {
  await subject.call({ phone: PHONE, account: ACCOUNT });
  const words = '张三本人持身份证到场';
  const entered = await enter({ kind: 'erasure', phone: PHONE, account: ACCOUNT, note: words });
  await act(entered.body.id, 'grant');
  await subject.drain();
  const closure = { account: ACCOUNT, phone: PHONE, reference: PHONE, sourceSystem: 'crm' };
  const told = { ...closure, closedOn: '2026-11-01' };
  expect((await subject.post(subject.people.officer, '/account-closures', told)).status).toBe(201);
  await subject.drain();
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`.execute(subject.db);
  let looked = 0;
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.raw(name)} t`.execute(subject.db);
    looked += rows.length;
    const text = rows.map(({ row }) => row).join('\n');
    for (const clear of [PHONE, ACCOUNT, words, Buffer.from(PHONE).toString('hex')]) {
      expect([name, text.includes(clear)]).toEqual([name, false]);
    }
  }
  expect(looked).toBeGreaterThan(20);
  const ledger = JSON.stringify(subject.scene.intake.entries);
  for (const clear of [PHONE, ACCOUNT, words]) expect(ledger).not.toContain(clear);
  expect(subject.scene.intake.entries.length).toBeGreaterThan(5);
});

it('is for compliance alone', async () => {
  const { body } = await enter({ kind: 'erasure', phone: PHONE });
  for (const who of ['qa', 'auditor', 'regulator'] as const) {
    const headers = subject.people[who];
    const answers = [
      await enter({ kind: 'erasure', phone: PHONE }, headers),
      await act(body.id, 'grant', {}, headers),
      await act(body.id, 'copy', {}, headers),
      await subject.get(headers, '/subject-requests'),
      await subject.get(headers, `/subject-requests/${body.id}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  }
});
