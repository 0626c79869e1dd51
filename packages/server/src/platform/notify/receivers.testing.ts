import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as plainServer } from 'node:http';
import { createServer as tlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { systemClock } from '../../core/clock.ts';
import { ownCertificate } from '../tls/own-certificate.ts';

/** A certificate for localhost, and the authority that signed it. */
export async function testCertificate(): Promise<{ key: string; cert: string; authority: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-receiver-'));
  const made = await ownCertificate({
    ...{ folder: join(folder, 'tls'), keyFolder: join(folder, 'keys') },
    ...{ hostNames: ['localhost', '127.0.0.1'], clock: systemClock },
  });
  const authority = await readFile(made.authorityFile, 'utf8');
  await rm(folder, { recursive: true, force: true });
  return { key: made.key, cert: made.chain, authority };
}

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface WebhookReceiver {
  url: string;
  received: Received[];
  /** What it answers from now on. */
  fault: 'none' | 'refuses' | 'hangs' | 'dribbles' | 'redirects' | 'talks';
  close(): Promise<void>;
}

/** A receiver of webhooks with faults to switch on; over TLS when it is given a certificate. */
export async function webhookReceiver(tls?: {
  key: string;
  cert: string;
}): Promise<WebhookReceiver> {
  const receiver = { received: [], fault: 'none' } as unknown as WebhookReceiver;
  const listener = tls === undefined ? plainServer() : tlsServer(tls);
  listener.on('request', (request, answer) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      receiver.received.push({ path: request.url ?? '', headers, body });
      if (receiver.fault === 'none') answer.writeHead(204).end();
      if (receiver.fault === 'refuses') answer.writeHead(500).end('broken');
      if (receiver.fault === 'redirects') {
        answer.writeHead(307, { location: `${receiver.url}/elsewhere` }).end();
      }
      if (receiver.fault === 'talks') {
        answer.writeHead(200);
        const more = setInterval(() => answer.write('x'.repeat(65_536)), 1);
        answer.on('close', () => clearInterval(more));
      }
      if (receiver.fault === 'dribbles') {
        const letters = [...'HTTP/1.1 200 OK\r\nx-slow: '];
        const more = setInterval(() => request.socket.write(letters.shift() ?? 'x'), 20);
        request.socket.on('close', () => clearInterval(more));
      }
    });
  });
  const port = await listen(listener);
  receiver.url = `${tls === undefined ? 'http' : 'https'}://localhost:${port}/hook`;
  receiver.close = async () => {
    listener.closeAllConnections();
    await new Promise((done) => listener.close(done));
  };
  return receiver;
}

export interface MailServer {
  port: number;
  mails: { to: string[]; text: string; secure: boolean; user: string | undefined }[];
  fault: 'none' | 'refuses-address' | 'later' | 'hangs';
  close(): Promise<void>;
}

/** A small real SMTP server (the npm one) that takes mail for anyone. */
export async function mailServer(options: Partial<SMTPServerOptions> = {}): Promise<MailServer> {
  const server = { mails: [], fault: 'none' } as unknown as MailServer;
  const refuse = (code: number, text: string) =>
    Object.assign(new Error(text), { responseCode: code });
  const smtp = new SMTPServer({
    ...{ disableReverseLookup: true, authOptional: true, logger: false },
    onRcptTo({ address }, _session, done) {
      if (server.fault === 'hangs') return;
      if (server.fault === 'refuses-address') done(refuse(550, `no ${address} here`));
      else if (server.fault === 'later') done(refuse(451, 'busy'));
      else done();
    },
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const user = session.user === undefined ? undefined : String(session.user);
        server.mails.push({ to, text, secure: session.secure, user });
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
  server.port = (smtp.server.address() as AddressInfo).port;
  server.close = () => new Promise((done) => smtp.close(() => done()));
  return server;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
