import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { ArchiveError } from '../../core/errors.ts';
import type { Witness, WitnessErrorCode } from '../../ledger/ports.ts';

/** A witness that hangs must not hold up the round of the others for longer. */
const ANSWER_MS = 3_000;
/** Signature lines, or a size. */
const MOST_ANSWER_BYTES = 64 * 1024;

/** Where a witness listens, and what it takes to be heard there. */
export interface WitnessAddress {
  name: string;
  vkey: string;
  /** Its submission prefix; `add-checkpoint` comes after it. */
  url: URL;
  token?: string;
  /** Authority (PEM) of its certificate. */
  ca?: Buffer;
}

/** A witness over HTTP (C2SP tlog-witness). What it answers is judged by its key, not by TLS. */
export function httpWitness(address: WitnessAddress): Witness {
  const { name, vkey, url, token, ca } = address;
  const target = new URL(`${url.href.replace(/\/$/, '')}/add-checkpoint`);
  const request = target.protocol === 'https:' ? requestTls : requestPlain;
  return {
    ...{ name, vkey },
    addCheckpoint: (body) =>
      new Promise((resolve, reject) => {
        const gone = (reason: string) =>
          reject(
            new ArchiveError<WitnessErrorCode>(
              'WITNESS_UNREACHABLE',
              `witness ${name}: ${reason}`,
              { retry: 'later' },
            ),
          );
        const sent = request(
          target,
          {
            ...{ method: 'POST', signal: AbortSignal.timeout(ANSWER_MS) },
            headers: {
              'content-type': 'text/plain; charset=utf-8',
              'content-length': Buffer.byteLength(body),
              ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            },
            ...(ca === undefined ? {} : { ca }),
          },
          (answer) => {
            const parts: Buffer[] = [];
            let bytes = 0;
            answer.on('data', (part: Buffer) => {
              bytes += part.length;
              if (bytes > MOST_ANSWER_BYTES) sent.destroy(new Error('answers too much'));
              else parts.push(part);
            });
            answer.on('error', (error) => gone(error.message));
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                body: Buffer.concat(parts).toString('utf8'),
              }),
            );
          },
        );
        sent.on('error', (error) => gone(error.message));
        sent.end(body);
      }),
  };
}
