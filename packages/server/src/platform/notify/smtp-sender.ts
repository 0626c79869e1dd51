import { createTransport, type NodemailerError } from 'nodemailer';
import type { MailSender } from '../../notices/ports.ts';
import { connectionFailure, deliveryFailure } from './delivery-failure.ts';

export interface SmtpOptions {
  host: string;
  port: number;
  /** From the first byte, by STARTTLS or not at all; never less than what is asked for. */
  tls: 'tls' | 'starttls' | 'none';
  /** PEM of the authority to trust instead of the system's. */
  authority?: string;
  signIn?: { user: string; password: string };
  /** Address of the sender. */
  from: string;
  timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;

/** One mail a connection to one fixed server (RFC 5321); its texts are never repeated anywhere. */
export function createSmtpSender(options: SmtpOptions): MailSender {
  const { host, port, tls, authority, signIn, from, timeoutMs = TIMEOUT_MS } = options;
  const transport = createTransport({
    ...{ host, port, secure: tls === 'tls', requireTLS: tls === 'starttls' },
    ...{ ignoreTLS: tls === 'none', logger: false },
    tls: { minVersion: 'TLSv1.2', ...(authority === undefined ? {} : { ca: authority }) },
    ...(signIn === undefined ? {} : { auth: { user: signIn.user, pass: signIn.password } }),
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  return {
    async send({ id, to, subject, text }) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        await transport.sendMail({
          ...{ from, to: { name: '', address: to }, subject, text, signal },
          // A mail that is sent twice is the same mail; and no absence note answers it (RFC 3834).
          messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
          textEncoding: 'base64',
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        if (signal.aborted) throw deliveryFailure('RECEIVER_TOO_SLOW');
        throw failureOf(error as NodemailerError);
      }
    },
  };
}

function failureOf(error: NodemailerError) {
  const { code, command, responseCode = 0 } = error;
  if (code === 'EAUTH' || code === 'ENOAUTH') return deliveryFailure('SIGN_IN_REFUSED');
  if (code === 'ETLS') return deliveryFailure('RECEIVER_NOT_TRUSTED');
  if (code === 'EENVELOPE' && command === 'RCPT TO' && responseCode >= 500) {
    return deliveryFailure('ADDRESS_REFUSED');
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return deliveryFailure('RECEIVER_REFUSED');
  return connectionFailure(error);
}
