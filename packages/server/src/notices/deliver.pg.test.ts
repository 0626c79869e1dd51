import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAccount, setLocked } from '../access/index.ts';
import { changing, testSeals } from '../access/seals.testing.ts';
import { fixedClock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { setAddress } from './address.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import { countDeliveries, createNotices } from './index.ts';
import type { AddressSealer } from './ports.ts';

const TOLD_AT = '2026-11-20T01:00:00Z';
const HOUR_MS = 3_600_000;
const clock = fixedClock(TOLD_AT);
const seals = testSeals();
const channels = new Set(['webhook', 'mail'] as const);
/** Turns every byte over, and opens nothing under another id. */
const sealer: AddressSealer = {
  seal: (id, plain) => Buffer.from(`${id}\n${plain}`).map((byte) => byte ^ 0xff) as Buffer,
  open: (id, sealed) => {
    const [owner, plain = ''] = Buffer.from(sealed.map((byte) => byte ^ 0xff))
      .toString()
      .split('\n');
    if (owner !== id) throw new Error('sealed for somebody else');
    return Buffer.from(plain);
  },
};

let database: Awaited<ReturnType<typeof testDatabase>>;
let approver: string;
const jobs: { id: string; channel: string; at: Date | undefined }[] = [];
const sent: Record<string, unknown>[] = [];
const givenUp: unknown[] = [];
let fault: ArchiveError | undefined;
let deps: DeliverDeps;

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  const who = { username: 'first', displayName: 'first', role: 'approver' as const };
  const password = 'correct horse battery';
  approver = (await createAccount({ db, clock, seals }, { ...who, password })).id;
  const send = async (message: object) => {
    if (fault !== undefined) throw fault;
    sent.push(message as Record<string, unknown>);
  };
  deps = {
    ...{ db, clock, sealer, webhook: { send }, mail: { send } },
    queue: { deliver: async (_tx, { id, channel }, at) => void jobs.push({ id, channel, at }) },
    archive: { archiveName: '留声', publicUrl: 'https://archive.example' },
    onGivenUp: (delivery) => void givenUp.push(delivery),
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.pool.query('delete from notice_delivery; delete from notice_address');
  await lock(false);
  for (const list of [jobs, sent, givenUp]) list.length = 0;
  fault = undefined;
  clock.set(TOLD_AT);
});

const lock = (locked: boolean) =>
  changing({ db: database.db, clock, seals }, (tx) => setLocked(tx, approver, locked));
const tell = async () => {
  const notices = createNotices({ clock, outgoing: { channels, queue: deps.queue } });
  await database.db.transaction().execute((tx) =>
    notices.tell(tx, {
      ...{ to: { roles: ['approver'] }, kind: 'request.awaiting', severity: 'action' },
      ...{ resource: 'r-1', detail: { records: 3 } },
    }),
  );
};
const wantMail = (language: 'zh-CN' | 'en' = 'zh-CN') =>
  setAddress(database.db, { clock, sealer }, approver, { address: 'wang@example.com', language });
const jobOf = (channel: string) => jobs.filter((job) => job.channel === channel).at(-1)?.id ?? '';
const rowOf = async (id: string) => {
  const { rows } = await database.pool.query('select * from notice_delivery where id = $1', [id]);
  return rows[0];
};
const down = new ArchiveError('RECEIVER_UNREACHABLE', 'switched off', { retry: 'later' });

it('a webhook says what happened in ids and counts; mail goes to who gave an address, and to nobody else', async () => {
  await tell();
  expect(jobs.map((job) => job.channel)).toEqual(['webhook']);
  await deliver(deps, jobOf('webhook'));
  expect(JSON.parse(String(sent[0]?.['body']))).toEqual({
    ...{ type: 'request.awaiting', timestamp: new Date(TOLD_AT).toISOString() },
    data: { severity: 'action', resource: 'r-1', detail: { records: 3 } },
  });
  await wantMail();
  await tell();
  expect(jobs.map((job) => job.channel)).toEqual(['webhook', 'webhook', 'mail']);
});

it.each([
  ['zh-CN', '有调取申请等待您审批'],
  ['en', 'An access request awaits your approval'],
] as const)(
  'a mail in %s holds the kind and a link, not what it is about',
  async (language, words) => {
    await wantMail(language);
    await tell();
    await deliver(deps, jobOf('mail'));
    expect(sent).toMatchObject([{ to: 'wang@example.com', subject: `${words} · 留声` }]);
    expect(sent[0]?.['text']).toContain('https://archive.example');
    expect(JSON.stringify(sent)).not.toContain('r-1');
  },
);

it('an act that is rolled back leaves nothing to deliver', async () => {
  const notices = createNotices({ clock, outgoing: { channels, queue: deps.queue } });
  const act = database.db.transaction().execute(async (tx) => {
    await notices.tell(tx, { to: {}, kind: 'ledger.alarm', severity: 'alarm' });
    throw new Error('the act failed');
  });
  await expect(act).rejects.toThrow('the act failed');
  expect((await database.pool.query('select 1 from notice_delivery')).rows).toEqual([]);
});

it('a receiver that is down is tried after pauses that double, and given up after a day', async () => {
  await tell();
  const id = jobOf('webhook');
  fault = down;
  const pauses: number[] = [];
  for (let turn = 0; givenUp.length === 0 && turn < 100; turn += 1) {
    const before = clock.now().getTime();
    await deliver(deps, id);
    const at = jobs.at(-1)?.at;
    if (givenUp.length > 0 || at === undefined) break;
    pauses.push((at.getTime() - before) / 1000);
    clock.set(at);
  }
  expect(pauses.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
  expect(Math.max(...pauses)).toBe(3600);
  expect(clock.now().getTime()).toBe(new Date(TOLD_AT).getTime() + 24 * HOUR_MS);
  const attempts = pauses.length + 1;
  expect(givenUp).toEqual([
    { channel: 'webhook', kind: 'request.awaiting', attempts, code: 'RECEIVER_UNREACHABLE' },
  ]);
  expect(await rowOf(id)).toMatchObject({ outcome: 'given_up', attempts });
  fault = undefined;
  await deliver(deps, id);
  expect(sent).toEqual([]);
});

it('an address that its server refuses is not tried again', async () => {
  await wantMail();
  await tell();
  fault = new ArchiveError('ADDRESS_REFUSED', 'no such box', { retry: 'never' });
  await deliver(deps, jobOf('mail'));
  expect(givenUp).toMatchObject([{ channel: 'mail', code: 'ADDRESS_REFUSED', attempts: 1 }]);
});

it('it is delivered at least once: who dies before noting it sends again, under the same id', async () => {
  await tell();
  const id = jobOf('webhook');
  const dying = { ...deps, clock: { now: clock.now } };
  let looked = 0;
  dying.clock.now = () => {
    // The second look at the clock notes the end.
    looked += 1;
    if (looked === 2) throw new Error('killed');
    return clock.now();
  };
  await expect(deliver(dying, id)).rejects.toThrow('killed');
  await deliver(deps, id);
  await deliver(deps, id);
  expect(sent.map((message) => message['id'])).toEqual([id, id]);
});

it('who was locked, or took the address back, before the mail went out gets none', async () => {
  await wantMail();
  await tell();
  const first = jobOf('mail');
  await lock(true);
  await deliver(deps, first);
  await lock(false);
  await tell();
  await setAddress(database.db, { clock, sealer }, approver, undefined);
  await deliver(deps, jobOf('mail'));
  expect(sent).toEqual([]);
  expect(await rowOf(first)).toMatchObject({ outcome: 'not_wanted' });
});

it('the address lies sealed, and opens for its owner’s row only', async () => {
  await wantMail();
  const { rows } = await database.pool.query('select sealed from notice_address');
  expect(rows[0].sealed.toString('latin1')).not.toContain('wang');
  expect(() => sealer.open('notice-address/another', rows[0].sealed)).toThrow('somebody else');
});

it('what waits and what was given up can be seen for each channel', async () => {
  await wantMail();
  await tell();
  fault = down;
  await deliver(deps, jobOf('webhook'));
  fault = new ArchiveError('ADDRESS_REFUSED', 'no such box', { retry: 'never' });
  await deliver(deps, jobOf('mail'));
  expect(await countDeliveries(database.db, channels)).toEqual([
    { channel: 'mail', waiting: 0, givenUp: 1 },
    {
      ...{ channel: 'webhook', waiting: 1, givenUp: 0, lastFailure: 'RECEIVER_UNREACHABLE' },
      oldestAt: new Date(TOLD_AT).toISOString(),
    },
  ]);
});
