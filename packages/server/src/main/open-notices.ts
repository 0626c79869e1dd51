import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import { ArchiveError } from '../core/errors.ts';
import { type DeliverDeps, deliver, forgetNotices } from '../notices/index.ts';
import type { AddressSealer, Channel, MailSender, WebhookSender } from '../notices/ports.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { createSmtpSender } from '../platform/notify/smtp-sender.ts';
import { createWebhookSender } from '../platform/notify/webhook-sender.ts';
import { noticeQueue, startNoticeWorkers } from '../platform/queue/notice-queue.ts';
import type { Config } from './config.ts';
import { NOTICE_SETTINGS, type NoticeConfig } from './notice-settings.ts';

const SECRET_BYTES = { least: 24, most: 64 };

export interface NoticeSenders {
  channels: ReadonlySet<Channel>;
  webhook: WebhookSender | undefined;
  mail: MailSender | undefined;
  publicUrl: string;
}

/** The configured ways out. Rejects with CONFIG_INVALID naming the setting whose file is no good. */
export async function openNotices(config: Config): Promise<NoticeSenders> {
  const webhook = await openWebhook(config);
  const mail = await openMail(config);
  const channels = new Set<Channel>();
  if (webhook !== undefined) channels.add('webhook');
  if (mail !== undefined) channels.add('mail');
  const [name = 'localhost'] = config.hostNames;
  const port = config.port === 443 ? '' : `:${config.port}`;
  return { channels, webhook, mail, publicUrl: config.publicUrl ?? `https://${name}${port}` };
}

/** Works what leaves, and forgets what is old; gives the way to stop it. */
export async function startNotices(
  config: Config,
  { webhook, mail, publicUrl }: NoticeSenders,
  parts: { db: Db; pool: pg.Pool; clock: Clock; sealer: AddressSealer; log: EventLog },
): Promise<() => Promise<void>> {
  const { db, pool, clock, sealer, log } = parts;
  const archive = { archiveName: config.archiveName, publicUrl };
  const deps: DeliverDeps = {
    ...{ db, clock, sealer, webhook, mail, archive, queue: noticeQueue },
    onGivenUp: ({ channel, kind, attempts, code }) =>
      log.error('notice given up', { task: channel, kind, attempt: attempts, code }),
  };
  const workers = await startNoticeWorkers({
    pool,
    deliver: (id) => deliver(deps, id),
    forget: () => forgetNotices(db, clock),
    onError: (task, error) => log.error('job failed', { task, kind: errorKind(error) }),
  });
  return () => workers.stop();
}

async function openWebhook(config: Config): Promise<WebhookSender | undefined> {
  if (config.webhookUrl === undefined) return undefined;
  const text = (await textOf(config, 'webhookSecret'))?.trim() ?? '';
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const secret = Buffer.from(encoded, 'base64');
  if (secret.length < SECRET_BYTES.least || secret.length > SECRET_BYTES.most) {
    throw invalid('webhookSecret', 'holds no `whsec_` secret of 24 to 64 bytes');
  }
  const authority = await textOf(config, 'webhookAuthority');
  return createWebhookSender({
    ...{ url: new URL(config.webhookUrl), secret },
    ...(authority === undefined ? {} : { authority }),
  });
}

async function openMail(config: Config): Promise<MailSender | undefined> {
  const { mailHost: host, mailPort: port, mailTls: tls, mailFrom: from, mailUser: user } = config;
  if (host === undefined || from === undefined) return undefined;
  const password = (await textOf(config, 'mailPassword'))?.trim();
  const authority = await textOf(config, 'mailAuthority');
  return createSmtpSender({
    ...{ host, port, tls, from },
    ...(authority === undefined ? {} : { authority }),
    ...(user === undefined || password === undefined ? {} : { signIn: { user, password } }),
  });
}

async function textOf(config: Config, name: keyof NoticeConfig): Promise<string | undefined> {
  const path = config[name];
  if (path === undefined) return undefined;
  try {
    return await readFile(String(path), 'utf8');
  } catch (cause) {
    throw invalid(name, 'names a file that cannot be read', cause);
  }
}

const invalid = (name: keyof NoticeConfig, fault: string, cause?: unknown) =>
  new ArchiveError(
    'CONFIG_INVALID',
    `configuration: ${name} (${NOTICE_SETTINGS[name].env}) ${fault}`,
    { cause },
  );
