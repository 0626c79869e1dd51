import { timingSafeEqual } from 'node:crypto';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import { judgeAddCheckpoint, withSignatures } from '@voxkeep/proof';
import type { WitnessFolder } from './witness-folder.ts';

const MOST_BODY_BYTES = 64 * 1024;
const REQUEST_MS = 10_000;

export interface WitnessServerOptions {
  tls: { cert: Buffer; key: Buffer } | undefined;
  /** Whoever asks has to bring it; undefined lets everyone ask. */
  token: string | undefined;
  now(): Date;
  say(line: string): void;
}

interface Answer {
  status: number;
  body: string;
  type?: string;
}

/**
 * C2SP tlog-witness `POST /add-checkpoint`, and `GET /checkpoint?origin=…` for what was countersigned
 * last. One request is judged and remembered after the other.
 */
export function createWitnessServer(folder: WitnessFolder, options: WitnessServerOptions) {
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const handle = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://witness');
    if (!mayAsk(request, options.token)) return { status: 401, body: 'a token is needed\n' };
    if (url.pathname === '/checkpoint' && request.method === 'GET') {
      return latest(folder, url.searchParams.get('origin'));
    }
    if (url.pathname !== '/add-checkpoint') return { status: 404, body: 'there is nothing here\n' };
    if (request.method !== 'POST') return { status: 405, body: 'only POST\n' };
    const body = await readBody(request);
    if (body === undefined) return { status: 413, body: 'too large\n' };
    return inTurn(() => addCheckpoint(folder, body, options));
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    void handle(request)
      .catch((error: unknown): Answer => {
        options.say(`failed: ${(error as Error).message}`);
        return { status: 500, body: 'the witness cannot do that now\n' };
      })
      .then(({ status, body, type = 'text/plain; charset=utf-8' }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(body);
      });
  };
  const server =
    options.tls === undefined
      ? createPlain(listener)
      : createTls({ ...options.tls, minVersion: 'TLSv1.2' }, listener);
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  return server;
}

async function addCheckpoint(
  folder: WitnessFolder,
  body: string,
  { now, say }: WitnessServerOptions,
): Promise<Answer> {
  const verdict = judgeAddCheckpoint(body, folder.logOf);
  if (verdict.status !== 200) {
    if ('evidence' in verdict && verdict.evidence !== undefined) {
      await folder.keepEvidence(verdict.evidence);
    }
    say(`refused with ${verdict.status}: ${verdict.reason}`);
    return verdict.status === 409
      ? { status: 409, body: `${verdict.seenSize}\n`, type: 'text/x.tlog.size' }
      : { status: verdict.status, body: `${verdict.reason}\n` };
  }
  const { countersign, note, text } = verdict;
  const line = folder.cosigner.cosign(text, now());
  await folder.remember(countersign.origin, withSignatures(note, [line]));
  say(`countersigned ${countersign.origin} ${countersign.size}`);
  return { status: 200, body: `${line}\n` };
}

function latest(folder: WitnessFolder, asked: string | null): Answer {
  const origins = folder.origins();
  const origin = asked ?? (origins.length === 1 ? origins[0] : undefined);
  const note = origin === undefined ? undefined : folder.latest(origin);
  if (note === undefined) return { status: 404, body: 'no checkpoint of that log\n' };
  return { status: 200, body: note };
}

function mayAsk(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(request.headers.authorization ?? '');
  const needed = Buffer.from(`Bearer ${token}`);
  return given.length === needed.length && timingSafeEqual(given, needed);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
