import { z } from 'zod';

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);
const file = () => z.string().min(1).describe('a file').optional();

/** Settings of what leaves the archive by webhook and mail. */
export const NOTICE_SETTINGS = {
  webhookUrl: {
    env: 'VOXKEEP_WEBHOOK_URL',
    schema: z
      .string()
      .refine(isReceiver, 'is neither https:// nor http:// to localhost')
      .describe('an https:// address, or http:// to localhost')
      .optional(),
    about: 'Where notices are posted to. Default: nowhere.',
  },
  webhookSecret: {
    env: 'VOXKEEP_WEBHOOK_SECRET_FILE',
    schema: file(),
    about:
      'File with the secret that signs webhooks: `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks).',
  },
  webhookAuthority: {
    env: 'VOXKEEP_WEBHOOK_CA_FILE',
    schema: file(),
    about: 'PEM file of the authority of the receiver’s certificate. Default: the system’s.',
  },
  mailHost: {
    env: 'VOXKEEP_MAIL_HOST',
    schema: z.string().min(1).max(253).describe('a name or an address').optional(),
    about: 'SMTP server for mails to staff. Default: no mail is sent.',
  },
  mailPort: {
    env: 'VOXKEEP_MAIL_PORT',
    schema: z.coerce.number().int().min(1).max(65535).default(587),
    about: 'Its port.',
  },
  mailTls: {
    env: 'VOXKEEP_MAIL_TLS',
    schema: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    about:
      'How the connection to it is encrypted: after STARTTLS, from the first byte, or, on this machine only, not.',
  },
  mailAuthority: {
    env: 'VOXKEEP_MAIL_CA_FILE',
    schema: file(),
    about: 'PEM file of the authority of its certificate. Default: the system’s.',
  },
  mailUser: {
    env: 'VOXKEEP_MAIL_USER',
    schema: z.string().min(1).max(200).optional(),
    about: 'Name to sign in to it with. Default: without signing in.',
  },
  mailPassword: {
    env: 'VOXKEEP_MAIL_PASSWORD_FILE',
    schema: file(),
    about: 'File with the password for it.',
  },
  mailFrom: {
    env: 'VOXKEEP_MAIL_FROM',
    schema: z.email().max(254).describe('a mail address').optional(),
    about: 'Address of the sender.',
  },
} as const;

export type NoticeConfig = {
  [N in keyof typeof NOTICE_SETTINGS]: z.output<(typeof NOTICE_SETTINGS)[N]['schema']>;
};

/** What the settings lack or contradict, each problem naming the setting. */
export function noticeProblems(config: Partial<NoticeConfig>): string[] {
  const problems: string[] = [];
  const needs = (name: keyof NoticeConfig, wanted: keyof NoticeConfig) => {
    if (config[name] === undefined || config[wanted] !== undefined) return;
    problems.push(`${wanted} (${NOTICE_SETTINGS[wanted].env}): is needed with ${name}`);
  };
  needs('webhookUrl', 'webhookSecret');
  needs('mailHost', 'mailFrom');
  needs('mailUser', 'mailPassword');
  needs('mailPassword', 'mailUser');
  const { mailHost, mailTls } = config;
  if (mailTls === 'none' && mailHost !== undefined && !LOCAL_HOSTS.has(mailHost)) {
    problems.push('mailTls (VOXKEEP_MAIL_TLS): `none` is for a server on this machine only');
  }
  return problems;
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return protocols.includes(protocol) && username === '' && password === '' && hash === '';
}

/** In the clear to this very machine only. */
function isReceiver(text: string): boolean {
  if (isUrl(text, ['https:'])) return true;
  return isUrl(text, ['http:']) && LOCAL_HOSTS.has(new URL(text).hostname);
}
