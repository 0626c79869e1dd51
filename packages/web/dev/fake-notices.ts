import type { Notice, NoticesReadIn, NoticesView } from '@voxkeep/contract';

const MINUTE_MS = 60_000;
const KINDS: [Notice['kind'], Notice['severity']][] = [
  ['break_glass.used', 'alarm'],
  ['request.awaiting', 'action'],
  ['request.approved', 'info'],
  ['enrolment.awaiting', 'action'],
  ['grant.ending', 'action'],
  ['playback.fast', 'alarm'],
  ['request.withdrawn', 'info'],
  ['break_glass.to_review', 'action'],
  ['mandate.begins', 'info'],
  ['request.revoked', 'info'],
];

/** Newest first; the first alarm and some others are not read yet. */
const notices: Notice[] = Array.from({ length: 75 }, (_, at) => {
  const [kind, severity] = KINDS[at % KINDS.length] ?? ['request.awaiting', 'action'];
  const toldAt = new Date(Date.now() - at * at * 7 * MINUTE_MS - 3 * MINUTE_MS).toISOString();
  return {
    ...{ id: `0198c4d2-7a10-7c3e-9b54-${String(999_999 - at).padStart(12, '0')}` },
    ...{ kind, severity, detail: {}, toldAt },
    resource: '0198c4d2-7a10-7c3e-9b54-000000000009',
    ...(at < 8 && at !== 5 ? {} : { readAt: toldAt }),
  };
});

/** Agents of the stand-in have been told nothing yet. */
export function listNotices(role: string, query: URLSearchParams): NoticesView {
  const own = role === 'agent' ? [] : notices;
  const before = query.get('before') ?? '~';
  const limit = Number(query.get('limit') ?? 30);
  const rows = own.filter(({ id }) => id < before);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const unread = own.filter(({ readAt }) => readAt === undefined);
  return {
    ...{ notices: page, unread: unread.length },
    alarms: unread.filter(({ severity }) => severity === 'alarm'),
    ...(rows.length > limit && last !== undefined ? { next: last.id } : {}),
  };
}

export function markRead(which: NoticesReadIn): void {
  const meant = ({ id }: Notice) => ('ids' in which ? which.ids.includes(id) : true);
  for (const notice of notices.filter(meant)) notice.readAt ??= new Date().toISOString();
}
