import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import { testCertificate, type WebhookReceiver, webhookReceiver } from './receivers.testing.ts';
import { createWebhookSender } from './webhook-sender.ts';

const SECRET = Buffer.alloc(32, 7);
const body = JSON.stringify({ type: 'break_glass.used', data: { severity: 'alarm' } });
const message = () => ({ id: 'd-1', sentAt: new Date(), body });

let certificate: Awaited<ReturnType<typeof testCertificate>>;
let receiver: WebhookReceiver;
beforeAll(async () => {
  certificate = await testCertificate();
  receiver = await webhookReceiver(certificate);
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.fault = 'none';
  receiver.received.length = 0;
});

const sender = (
  more: { url?: string; authority?: string | undefined; timeoutMs?: number } = {},
) => {
  const { url = receiver.url, authority = certificate.authority, timeoutMs = 400 } = more;
  return createWebhookSender({
    ...{ url: new URL(url), secret: SECRET, timeoutMs },
    ...(authority === '' ? {} : { authority }),
  });
};
const failureOf = async (promise: Promise<void>) => {
  const error = await promise.catch((reason: unknown) => reason);
  return error instanceof ArchiveError ? error : undefined;
};

it('the signature is right for who verifies it with Standard Webhooks’ own library', async () => {
  await sender().send(message());
  const [{ headers, body: got } = { headers: {}, body: '' }] = receiver.received;
  const theirs = new Webhook(`whsec_${SECRET.toString('base64')}`);
  expect(theirs.verify(got, headers)).toEqual(JSON.parse(body));
  expect(() => theirs.verify(`${got} `, headers)).toThrow();
  expect(() => theirs.verify(got, { ...headers, 'webhook-id': 'd-2' })).toThrow();
});

it('a redirect is followed nowhere', async () => {
  receiver.fault = 'redirects';
  expect((await failureOf(sender().send(message())))?.code).toBe('RECEIVER_REDIRECTS');
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
});

it.each([
  ['refuses', 'RECEIVER_REFUSED'],
  ['hangs', 'RECEIVER_TOO_SLOW'],
  ['dribbles', 'RECEIVER_TOO_SLOW'],
] as const)('a receiver that %s costs no more than the time limit: %s', async (fault, code) => {
  receiver.fault = fault;
  const began = Date.now();
  const error = await failureOf(sender().send(message()));
  expect([error?.code, error?.retry]).toEqual([code, 'later']);
  expect(Date.now() - began).toBeLessThan(2000);
});

it('of an answer that never ends nothing is read but its status', async () => {
  receiver.fault = 'talks';
  await sender().send(message());
});

it('to a receiver whose certificate nobody vouches for nothing is sent', async () => {
  const error = await failureOf(sender({ authority: '' }).send(message()));
  expect(error?.code).toBe('RECEIVER_NOT_TRUSTED');
  expect(receiver.received).toEqual([]);
});

it('nobody at the other end is RECEIVER_UNREACHABLE', async () => {
  const gone = await webhookReceiver();
  await gone.close();
  const error = await failureOf(sender({ url: gone.url }).send(message()));
  expect(error?.code).toBe('RECEIVER_UNREACHABLE');
});

it('no failure holds the secret, in whichever way it is written out', async () => {
  for (const fault of ['refuses', 'hangs', 'redirects'] as const) {
    receiver.fault = fault;
    const error = await failureOf(sender().send(message()));
    const written = inspect(error, { depth: null, showHidden: true });
    expect(written).not.toContain(SECRET.toString('base64'));
    expect(written).not.toContain(SECRET.toString('hex'));
  }
});
