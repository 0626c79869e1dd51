import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Account, createAccount, setLocked } from '../access/index.ts';
import type { Role } from '../access/policy-table.ts';
import { changing, testSeals } from '../access/seals.testing.ts';
import { fixedClock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import type { Telling } from '../core/notices.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { forgetNotices } from './forget-notices.ts';
import { createNotices, listNotices, markRead } from './index.ts';

const clock = fixedClock('2026-11-20T01:00:00Z');
const notices = createNotices({ clock });
let database: Awaited<ReturnType<typeof testDatabase>>;
const people = new Map<string, Account>();
const seals = testSeals();
const deps = () => ({ db: database.db, clock, seals });

beforeAll(async () => {
  database = await testDatabase();
  const make = async (username: string, role: Role) => {
    const person = { username, displayName: username, role, password: 'correct horse battery' };
    people.set(username, await createAccount(deps(), person));
  };
  await make('first', 'approver');
  await make('second', 'approver');
  await make('locked', 'approver');
  await make('asker', 'auditor');
  await make('robot', 'service');
  await changing(deps(), (tx) => setLocked(tx, idOf('locked'), true));
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('delete from notice'));

const idOf = (name: string) => people.get(name)?.id ?? '';
const tell = (telling: Partial<Telling>) =>
  database.db.transaction().execute((tx) =>
    notices.tell(tx, {
      ...{ to: { roles: ['approver'] }, kind: 'request.awaiting', severity: 'action' },
      ...telling,
    }),
  );
const seenBy = (name: string, query = {}) =>
  listNotices(database.db, idOf(name), { limit: 30, unread: false, ...query });
const kindsOf = async (name: string) => (await seenBy(name)).notices.map((one) => one.kind);

it('roles are resolved when it is told: everyone who has one, but not who is excepted', async () => {
  expect(await tell({ to: { roles: ['approver'], except: [idOf('second')] } })).toEqual({
    told: 1,
  });
  expect(await kindsOf('first')).toEqual(['request.awaiting']);
  expect(await kindsOf('second')).toEqual([]);
});

it('somebody who is meant twice is told once', async () => {
  await tell({ to: { roles: ['approver'], actorIds: [idOf('first'), idOf('first')] } });
  expect(await kindsOf('first')).toHaveLength(1);
});

it('locked accounts and services are told nothing, by role or by id', async () => {
  const to = { roles: ['service', 'approver'] as const, actorIds: [idOf('locked'), idOf('robot')] };
  expect(await tell({ to })).toEqual({ told: 2 });
  expect(await kindsOf('locked')).toEqual([]);
  expect(await kindsOf('robot')).toEqual([]);
});

it('an act that is rolled back leaves no notice', async () => {
  const act = database.db.transaction().execute(async (tx) => {
    await notices.tell(tx, {
      ...{ to: { roles: ['approver'] }, kind: 'break_glass.used', severity: 'alarm' },
    });
    throw new Error('the act failed');
  });
  await expect(act).rejects.toThrow('the act failed');
  const { rows } = await database.pool.query('select 1 from notice');
  expect(rows).toEqual([]);
});

it('what is free text, a number of somebody or not in the vocabulary is refused and named', async () => {
  const fieldOf = async (telling: unknown) => {
    const error = await tell(telling as Partial<Telling>).catch((reason: unknown) => reason);
    return hasCode(error, 'NOTICE_INVALID') ? error.field : 'told';
  };
  expect(await fieldOf({ detail: { why: 'Wang called twice' } })).toBe('detail/why');
  expect(await fieldOf({ detail: { why: '客户投诉' } })).toBe('detail/why');
  expect(await fieldOf({ detail: { who: '13812342641' } })).toBe('detail/who');
  expect(await fieldOf({ detail: { 'a b': 1 } })).toBe('detail');
  expect(await fieldOf({ detail: { count: Number.NaN } })).toBe('detail/count');
  expect(await fieldOf({ resource: '13812342641' })).toBe('resource');
  expect(await fieldOf({ kind: 'request.lost' })).toBe('kind');
  expect(await fieldOf({ severity: 'shout' })).toBe('severity');
  expect(await fieldOf({ detail: { minutes: 15, code: 'PURPOSE', late: true } })).toBe('told');
});

it('pages are newest first and lose nothing; unread alarms come with every page', async () => {
  await tell({ kind: 'break_glass.used', severity: 'alarm' });
  for (let minute = 1; minute < 6; minute += 1) {
    clock.set(`2026-11-20T02:0${minute}:00Z`);
    await tell({ detail: { minute } });
  }
  const seen: unknown[] = [];
  let before: string | undefined;
  do {
    const page = await seenBy('first', { limit: 2, ...(before ? { before } : {}) });
    expect(page.unread).toBe(6);
    expect(page.alarms.map((one) => one.kind)).toEqual(['break_glass.used']);
    seen.push(...page.notices.map((one) => one.detail['minute'] ?? 'alarm'));
    before = page.next;
  } while (before !== undefined);
  expect(seen).toEqual([5, 4, 3, 2, 1, 'alarm']);
});

it('marking as read touches one’s own only, and nothing that came after what was shown', async () => {
  clock.set('2026-11-20T03:00:00Z');
  await tell({ detail: { at: 1 } });
  const shown = await seenBy('first');
  clock.set('2026-11-20T03:00:01Z');
  await tell({ detail: { at: 2 } });
  const [newest] = shown.notices;
  await markRead(database.db, clock, idOf('first'), { all: true, upTo: newest?.id });
  expect((await seenBy('first', { unread: true })).notices.map((one) => one.detail)).toEqual([
    { at: 2 },
  ]);
  const ids = (await seenBy('second')).notices.map((one) => one.id);
  await markRead(database.db, clock, idOf('first'), { ids });
  expect((await seenBy('second')).unread).toBe(2);
  await markRead(database.db, clock, idOf('second'), { ids });
  expect((await seenBy('second')).unread).toBe(0);
});

it('read notices go after ninety days; unread ones stay', async () => {
  clock.set('2026-11-20T04:00:00Z');
  await tell({});
  await markRead(database.db, clock, idOf('first'), { all: true });
  clock.set('2027-02-18T03:59:00Z');
  await forgetNotices(database.db, clock);
  expect(await kindsOf('first')).toHaveLength(1);
  clock.set('2027-02-18T04:00:01Z');
  await forgetNotices(database.db, clock);
  expect(await kindsOf('first')).toEqual([]);
  expect(await kindsOf('second')).toHaveLength(1);
});
