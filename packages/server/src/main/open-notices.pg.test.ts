import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createAccount } from '../access/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import { systemClock } from '../core/clock.ts';
import { newRecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { createKeyFolder, openKeyFolder } from '../keys/index.ts';
import { createNotices, setAddress } from '../notices/index.ts';
import { createLog } from '../platform/log/logger.ts';
import {
  type MailServer,
  mailServer,
  testCertificate,
  type WebhookReceiver,
  webhookReceiver,
} from '../platform/notify/receivers.testing.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { jobQueue, startWorkers } from '../platform/queue/job-queue.ts';
import { noticeQueue } from '../platform/queue/notice-queue.ts';
import { loadConfig } from './config.ts';
import { openNotices, startNotices } from './open-notices.ts';
import { ownRowSealer } from './record-keys.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const PASSWORD = 'smtp-password-of-the-archive';
const ADDRESS = 'wang.fang@example.com';
const archiveId = '0198a1b2-0000-7000-8000-000000000001';

let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let hook: WebhookReceiver;
let mail: MailServer;
let approver: string;
let sealer: ReturnType<typeof ownRowSealer>;
let certificate: Awaited<ReturnType<typeof testCertificate>>;
let logged = '';
const log = createLog(
  'debug',
  new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  }),
);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-notices-'));
  database = await testDatabase();
  certificate = await testCertificate();
  hook = await webhookReceiver(certificate);
  mail = await mailServer({
    ...{ key: certificate.key, cert: certificate.cert, authOptional: false },
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD ? done(null, { user: String(username) }) : done(new Error('no')),
  });
  await writeFile(join(folder, 'secret'), `${SECRET}\n`);
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`);
  await writeFile(join(folder, 'ca.pem'), certificate.authority);
  const keys = { folder: join(folder, 'keys'), archiveId, random: systemRandom };
  await createKeyFolder(keys);
  sealer = ownRowSealer(await openKeyFolder({ ...keys, clock: systemClock }), systemRandom);
  const { db } = database;
  const who = { username: 'first', displayName: 'first', role: 'approver' as const };
  const password = 'correct horse battery';
  approver = (
    await createAccount({ db, clock: systemClock, seals: testSeals() }, { ...who, password })
  ).id;
  const wanted = { address: ADDRESS, language: 'zh-CN' as const };
  await setAddress(db, { clock: systemClock, sealer }, approver, wanted);
});
afterAll(async () => {
  await hook.close();
  await mail.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

const configure = (more: Record<string, string> = {}) =>
  loadConfig(
    {
      ...{ VOXKEEP_WEBHOOK_URL: hook.url, VOXKEEP_WEBHOOK_SECRET_FILE: 'secret' },
      ...{ VOXKEEP_WEBHOOK_CA_FILE: 'ca.pem', VOXKEEP_MAIL_CA_FILE: 'ca.pem' },
      ...{ VOXKEEP_MAIL_HOST: 'localhost', VOXKEEP_MAIL_PORT: String(mail.port) },
      ...{ VOXKEEP_MAIL_USER: 'archive', VOXKEEP_MAIL_PASSWORD_FILE: 'password' },
      ...{ VOXKEEP_MAIL_FROM: 'archive@example.com', VOXKEEP_PUBLIC_URL: 'https://a.example' },
      ...more,
    },
    { workFolder: folder },
  );

async function start() {
  const config = configure();
  const senders = await openNotices(config);
  const { db, pool } = database;
  running.push(await startNotices(config, senders, { db, pool, clock: systemClock, sealer, log }));
  const outgoing = { channels: senders.channels, queue: noticeQueue };
  const notices = createNotices({ clock: systemClock, outgoing });
  return () =>
    db.transaction().execute((tx) =>
      notices.tell(tx, {
        ...{ to: { roles: ['approver'] }, kind: 'break_glass.used', severity: 'alarm' },
      }),
    );
}

async function until(fact: () => boolean, mostMs = 15_000): Promise<void> {
  for (let waited = 0; !fact(); waited += 50) {
    if (waited > mostMs) throw new Error('did not come about');
    await wait(50);
  }
}

it('what is told goes out by the configured webhook and mail, signed, and once where all is well', async () => {
  const tell = await start();
  await tell();
  await until(() => hook.received.length > 0 && mail.mails.length > 0);
  await wait(300);
  expect([hook.received.length, mail.mails.length]).toEqual([1, 1]);
  const [{ headers, body } = { headers: {}, body: '' }] = hook.received;
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ type: 'break_glass.used' });
  expect(mail.mails).toMatchObject([{ to: [ADDRESS], secure: true, user: 'archive' }]);
});

it('a receiver that hangs delays neither the teller nor mail nor a record, and has it in the end', async () => {
  const tell = await start();
  const mailsBefore = mail.mails.length;
  hook.fault = 'hangs';
  hook.received.length = 0;
  const advanced: string[] = [];
  const workers = await startWorkers({
    ...{ pool: database.pool, concurrency: 1, onError: () => undefined },
    handlers: {
      advance: async (id) => void advanced.push(id),
      destroyQuarantine: async () => undefined,
      move: async () => undefined,
    },
  });
  running.push(() => workers.stop());
  const began = Date.now();
  for (let count = 0; count < 5; count += 1) await tell();
  expect(Date.now() - began).toBeLessThan(1500);
  await database.db.transaction().execute((tx) => jobQueue.advance(tx, newRecordId()));
  await until(() => advanced.length === 1 && mail.mails.length === mailsBefore + 5, 8000);
  // Not one of the five webhooks is through while the first still hangs.
  expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  hook.fault = 'none';
  const ids = () => new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size;
  await until(() => ids() === 5, 30_000);
}, 60_000);

it('neither the secret nor a password nor an address is in the log, the queue or the catalog', async () => {
  const tell = await start();
  hook.fault = 'refuses';
  mail.fault = 'refuses-address';
  hook.received.length = 0;
  logged = '';
  await tell();
  await until(() => hook.received.length > 0 && logged.includes('notice given up'));
  await wait(300);
  expect(logged).toContain('ADDRESS_REFUSED');
  const tables = ['notice', 'notice_delivery', 'notice_address', 'graphile_worker._private_jobs'];
  const rows = await Promise.all(
    tables.map((name) => database.pool.query(`select * from ${name}`)),
  );
  const kept = `${logged}${JSON.stringify(rows.map((one) => one.rows))}`;
  const sealed = rows[2]?.rows[0].sealed.toString('latin1');
  for (const secret of [SECRET, SECRET.slice(6), PASSWORD, ADDRESS, 'wang.fang']) {
    expect(kept).not.toContain(secret);
    expect(sealed).not.toContain(secret);
  }
  hook.fault = 'none';
  mail.fault = 'none';
});

it.each([
  ['a receiver in the clear elsewhere', { VOXKEEP_WEBHOOK_URL: 'http://example.com/x' }],
  ['credentials in the address', { VOXKEEP_WEBHOOK_URL: 'https://a:b@example.com/x' }],
  ['another protocol', { VOXKEEP_WEBHOOK_URL: 'file:///etc/passwd' }],
  ['a webhook without a secret', { VOXKEEP_WEBHOOK_SECRET_FILE: '' }],
  ['mail in the clear elsewhere', { VOXKEEP_MAIL_TLS: 'none', VOXKEEP_MAIL_HOST: 'example.com' }],
  ['mail without a sender', { VOXKEEP_MAIL_FROM: '' }],
  ['a user without a password', { VOXKEEP_MAIL_PASSWORD_FILE: '' }],
  ['a password without a user', { VOXKEEP_MAIL_USER: '' }],
  ['a link that is no https', { VOXKEEP_PUBLIC_URL: 'http://a.example' }],
])('refused before anything is opened: %s', (_what, given) => {
  const [setting = ''] = Object.keys(given);
  expect(() => configure(given)).toThrow(new RegExp(setting));
});

it('a secret that is none, and a file that is not there, are refused and not repeated', async () => {
  await writeFile(join(folder, 'short'), 'whsec_c2hvcnQ=');
  const short = configure({ VOXKEEP_WEBHOOK_SECRET_FILE: 'short' });
  await expect(openNotices(short)).rejects.toThrow(/VOXKEEP_WEBHOOK_SECRET_FILE.*24 to 64 bytes$/);
  const gone = configure({ VOXKEEP_MAIL_CA_FILE: 'nowhere.pem' });
  await expect(openNotices(gone)).rejects.toThrow(/VOXKEEP_MAIL_CA_FILE/);
});
