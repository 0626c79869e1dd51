import { createHmac } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { WebhookSender } from '../../notices/ports.ts';
import { connectionFailure, deliveryFailure } from './delivery-failure.ts';

export interface WebhookOptions {
  /** https, or http to this very machine; see the check of the settings. */
  url: URL;
  /** 24 to 64 bytes. */
  secret: Buffer;
  /** PEM of the authority to trust instead of the system's. */
  authority?: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/**
 * Posts to one fixed address with the signature of Standard Webhooks 1.0 (`webhook-id`,
 * `webhook-timestamp`, `webhook-signature: v1,<base64 HMAC-SHA256>`). Any 2xx is a receipt; a
 * redirect is followed nowhere; of the answer nothing but its status is read.
 */
export function createWebhookSender(options: WebhookOptions): WebhookSender {
  const { url, secret, authority, timeoutMs = TIMEOUT_MS } = options;
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return {
    async send({ id, sentAt, body }) {
      const timestamp = String(Math.floor(sentAt.getTime() / 1000));
      const signed = `${id}.${timestamp}.${body}`;
      const signature = createHmac('sha256', secret).update(signed).digest('base64');
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'voxkeep',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      const status = await new Promise<number>((resolve, reject) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const sent = request(url, {
          ...{ method: 'POST', headers, signal, agent: false, minVersion: 'TLSv1.2' as const },
          ...(authority === undefined ? {} : { ca: authority }),
        });
        sent.on('response', (answer) => {
          resolve(answer.statusCode ?? 0);
          sent.destroy();
        });
        sent.on('error', (error) => {
          reject(signal.aborted ? deliveryFailure('RECEIVER_TOO_SLOW') : connectionFailure(error));
        });
        sent.end(body);
      });
      if (status >= 300 && status < 400) throw deliveryFailure('RECEIVER_REDIRECTS');
      if (status < 200 || status >= 300) throw deliveryFailure('RECEIVER_REFUSED');
    },
  };
}
