import { inspect } from 'node:util';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import { type MailServer, mailServer, testCertificate } from './receivers.testing.ts';
import { createSmtpSender, type SmtpOptions } from './smtp-sender.ts';

const mail = {
  ...{ id: 'd-1', to: 'wang.fang@example.com', subject: '有调取申请等待您审批 · 留声' },
  text: '有调取申请等待您审批\n\nhttps://archive.example\n',
};
let certificate: Awaited<ReturnType<typeof testCertificate>>;
beforeAll(async () => {
  certificate = await testCertificate();
});

let server: MailServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});
const start = async (options: Parameters<typeof mailServer>[0] = {}) => {
  server = await mailServer({ key: certificate.key, cert: certificate.cert, ...options });
  return server;
};
const sender = (more: Partial<SmtpOptions> = {}) =>
  createSmtpSender({
    ...{ host: 'localhost', port: server?.port ?? 0, tls: 'starttls', timeoutMs: 1500 },
    ...{ from: 'archive@example.com', authority: certificate.authority, ...more },
  });
const failureOf = async (promise: Promise<void>) => {
  const error = await promise.catch((reason: unknown) => reason);
  return error instanceof ArchiveError ? error : undefined;
};

it('a mail arrives over STARTTLS, readable, as the same one when it is sent again', async () => {
  const { mails } = await start();
  await sender().send(mail);
  await sender().send(mail);
  expect(mails).toHaveLength(2);
  expect(mails[0]).toMatchObject({ to: [mail.to], secure: true });
  const [first = '', second = ''] = mails.map(({ text }) => text);
  expect(first).toContain('Message-ID: <d-1@example.com>');
  expect(second).toContain('Message-ID: <d-1@example.com>');
  expect(first).toContain('Auto-Submitted: auto-generated');
  const encoded = first.split(/\r?\n\r?\n/)[1] ?? '';
  expect(Buffer.from(encoded, 'base64').toString()).toContain('等待您审批');
});

it('it signs in where that is configured, over TLS from the first byte too', async () => {
  const { mails } = await start({
    ...{ secure: true, authOptional: false },
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: String(username) }) : done(new Error('no')),
  });
  await sender({ tls: 'tls', signIn: { user: 'archive', password: 'right' } }).send(mail);
  expect(mails[0]).toMatchObject({ user: 'archive', secure: true });
  const wrong = sender({ tls: 'tls', signIn: { user: 'archive', password: 'wrong-secret' } });
  const error = await failureOf(wrong.send(mail));
  expect([error?.code, error?.retry]).toEqual(['SIGN_IN_REFUSED', 'later']);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('wrong-secret');
});

it('a server that offers no encryption gets no mail', async () => {
  const { mails } = await start({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  expect((await failureOf(sender().send(mail)))?.code).toBe('RECEIVER_NOT_TRUSTED');
  expect(mails).toEqual([]);
});

it.each(['starttls', 'tls'] as const)(
  'a certificate nobody vouches for gets no mail: %s',
  async (tls) => {
    const { mails, port } = await start({ secure: tls === 'tls' });
    const { from, timeoutMs } = { from: 'archive@example.com', timeoutMs: 1500 };
    const trusting = createSmtpSender({ host: 'localhost', port, tls, from, timeoutMs });
    expect((await failureOf(trusting.send(mail)))?.code).toBe('RECEIVER_NOT_TRUSTED');
    expect(mails).toEqual([]);
  },
);

it.each([
  ['refuses-address', 'ADDRESS_REFUSED', 'never'],
  ['later', 'RECEIVER_REFUSED', 'later'],
  ['hangs', 'RECEIVER_TOO_SLOW', 'later'],
] as const)('a server that answers with %s: %s, try again %s', async (fault, code, retry) => {
  (await start()).fault = fault;
  const error = await failureOf(sender().send(mail));
  expect([error?.code, error?.retry]).toEqual([code, retry]);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(mail.to);
});

it('nobody at the other end is RECEIVER_UNREACHABLE', async () => {
  const { port, close } = await start();
  await close();
  server = undefined;
  expect((await failureOf(sender({ port }).send(mail)))?.code).toBe('RECEIVER_UNREACHABLE');
});
