import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

/** What people are told of; what each is about stands in docs/operations.md. */
export const NoticeKind = z
  .enum([
    'request.awaiting',
    'request.approved',
    'request.rejected',
    'request.withdrawn',
    'request.revoked',
    'grant.ending',
    'grant.ended',
    'break_glass.used',
    'break_glass.to_review',
    'mandate.begins',
    'mandate.ended',
    'disposal.proposed',
    'enrolment.awaiting',
    'enrolment.done',
    'playback.fast',
    'account.forged',
    'ledger.alarm',
    'audit.ended',
    'engagement.awaiting',
    'engagement.asked',
    'engagement.answered',
    'placement.differs',
    'hold.placed',
    'hold.released',
    'original.asked',
    'subject.awaiting',
    'subject.due',
    'subject.overdue',
    'retention.differs',
    'retention.review',
    'site.alarm',
    'site.clear',
  ])
  .meta({ id: 'NoticeKind' });
export type NoticeKind = z.infer<typeof NoticeKind>;

/** To know of; to do something about; to look at now. */
export const NoticeSeverity = z.enum(['info', 'action', 'alarm']);
export type NoticeSeverity = z.infer<typeof NoticeSeverity>;

/** One notice of the person who asks: ids, codes and counts, no content. */
export const Notice = z
  .object({
    id: Id,
    kind: NoticeKind,
    severity: NoticeSeverity,
    /** Id of the request, record, account … that it is about. */
    resource: z.string().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    toldAt: Instant,
    readAt: Instant.optional(),
  })
  .meta({ id: 'Notice' });
export type Notice = z.infer<typeof Notice>;

/** Query of GET /api/v1/notices. */
export const NoticesQuery = z.strictObject({
  /** From the previous page's `next`. */
  before: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  unread: z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive' }).default(false),
});
export type NoticesQuery = z.infer<typeof NoticesQuery>;

export const NoticesView = z
  .object({
    /** Newest first. */
    notices: z.array(Notice),
    /** Alarms that are not read yet, newest first, at most twenty; on whichever page they stand. */
    alarms: z.array(Notice),
    /** All that are not read yet. */
    unread: z.int(),
    next: z.string().optional(),
  })
  .meta({ id: 'NoticesView' });
export type NoticesView = z.infer<typeof NoticesView>;

/** Body of POST /api/v1/notices/read: these; or all, with `upTo` none that is newer than that one. */
export const NoticesReadIn = z.union([
  z.strictObject({ ids: z.array(Id).min(1).max(500) }),
  z.strictObject({ all: z.literal(true), upTo: Id.optional() }),
]);
export type NoticesReadIn = z.infer<typeof NoticesReadIn>;
export const NoticesRead = z.object({ unread: z.int() });

/** Body of PUT /api/v1/notices/address: where, and in which language, one wants mail; null for none. */
export const NoticeAddressIn = z.strictObject({
  address: z.email().max(254).nullable(),
  language: z.enum(['zh-CN', 'en']),
});
export type NoticeAddressIn = z.infer<typeof NoticeAddressIn>;

export const NoticeAddressView = z
  .object({
    /** Whether the archive sends mail at all. */
    mail: z.boolean(),
    address: z.string().optional(),
    language: z.enum(['zh-CN', 'en']).optional(),
  })
  .meta({ id: 'NoticeAddressView' });
export type NoticeAddressView = z.infer<typeof NoticeAddressView>;

/** What is on its way out of the archive by one channel. */
export const Delivery = z.object({
  channel: z.enum(['webhook', 'mail']),
  waiting: z.int(),
  /** Since when the longest-waiting waits. */
  oldestAt: Instant.optional(),
  /** Code of the last try of what waits. */
  lastFailure: z.string().optional(),
  /** In the last ninety days: tried for a day, or refused for good. */
  givenUp: z.int(),
});
export type Delivery = z.infer<typeof Delivery>;
