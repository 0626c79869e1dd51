import { existsSync, readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { CommandError, EXIT, exitCodeOf } from '../exit-codes.ts';

const ANSWER_MS = 10_000;
const MOST_BYTES = 1024 * 1024;

export interface Access {
  /** File with a token that is sent as `Authorization: Bearer`. */
  tokenFile?: string | undefined;
  /** Authority of the other side's certificate (PEM). */
  ca?: string | undefined;
}

/** The body of a successful GET. Rejects with UNREACHABLE or HTTP. */
export function fetchBytes(address: string, access: Access): Promise<Buffer> {
  const url = new URL(address);
  const request = url.protocol === 'http:' ? requestPlain : requestTls;
  const { tokenFile, ca } = access;
  const token = tokenFile === undefined ? undefined : readFileSync(tokenFile, 'utf8').trim();
  return new Promise((resolve, reject) => {
    const options = {
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(ca !== undefined && existsSync(ca) ? { ca: readFileSync(ca) } : {}),
    };
    const sent = request(url, options, (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > MOST_BYTES) sent.destroy(new Error('answers too much'));
        else parts.push(part);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        if (status === 200) return resolve(Buffer.concat(parts));
        reject(new CommandError('HTTP', `${address}: status ${status}`, exitCodeOf(status)));
      });
    });
    sent.on('error', (error) =>
      reject(new CommandError('UNREACHABLE', `${address}: ${error.message}`, EXIT.unreachable)),
    );
    sent.end();
  });
}
