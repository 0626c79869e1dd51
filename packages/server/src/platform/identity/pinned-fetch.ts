import { request } from 'node:https';
import { ArchiveError } from '../../core/errors.ts';

const MOST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** What is answered, whole. */
export interface PinnedAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}
export interface PinnedFetch {
  (
    url: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<PinnedAnswer>;
}

/**
 * Requests over HTTPS to these origins and no other, whatever an answer says: no redirect is
 * followed, nothing is read beyond a megabyte, and nothing is waited for longer than `timeoutMs`.
 * `authority` is the PEM of the certificate's issuer where it is not a public one. Rejects with
 * PROVIDER_UNREACHABLE.
 */
export function pinnedFetch(
  origins: readonly string[],
  authority?: string,
  timeoutMs = TIMEOUT_MS,
): PinnedFetch {
  return (url, options = {}) =>
    new Promise((resolve, reject) => {
      const unreachable = (cause?: unknown) =>
        new ArchiveError('PROVIDER_UNREACHABLE', 'the identity provider does not answer', {
          ...{ retry: 'later' as const, cause },
        });
      const to = new URL(url);
      if (to.protocol !== 'https:' || !origins.includes(to.origin)) {
        reject(unreachable(new Error('an address that is not configured')));
        return;
      }
      const { method = 'GET', headers = {}, body } = options;
      const sent = request(
        to,
        {
          ...{ method, agent: false, signal: AbortSignal.timeout(timeoutMs) },
          ...(authority === undefined ? {} : { ca: authority }),
          headers: {
            ...headers,
            ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          },
        },
        (answer) => {
          const parts: Buffer[] = [];
          let sizeBytes = 0;
          answer.on('data', (part: Buffer) => {
            sizeBytes += part.length;
            if (sizeBytes > MOST_BYTES) answer.destroy(new Error('the answer is too long'));
            else parts.push(part);
          });
          answer.on('error', (error) => reject(unreachable(error)));
          answer.on('end', () => {
            const plain = Object.entries(answer.headers).map(
              ([name, value]) => [name, [value].flat().join(', ')] as const,
            );
            resolve({
              ...{ status: answer.statusCode ?? 0, headers: Object.fromEntries(plain) },
              body: Buffer.concat(parts),
            });
          });
        },
      );
      sent.on('error', (error) => reject(unreachable(error)));
      sent.end(body);
    });
}
