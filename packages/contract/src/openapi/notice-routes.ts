import {
  NoticeAddressIn,
  NoticeAddressView,
  NoticesQuery,
  NoticesRead,
  NoticesReadIn,
  NoticesView,
} from '../notices.ts';
import type { Route } from './route.ts';

/** What people are told of; everyone sees and changes their own only. */
export const noticeRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/notices', who: 'person' },
    summary: 'One’s own notices, newest first, and how many are not read',
    more: 'Does not count as use of the session: one that is only asked this way ends for idleness.',
    query: NoticesQuery,
    answers: { 200: { says: 'a page of notices', schema: NoticesView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/notices/read', who: 'person' },
    summary: 'Mark one’s own notices as read; ids of others’ or of nothing are passed over',
    body: NoticesReadIn,
    answers: { 200: { says: 'how many are not read now', schema: NoticesRead } },
  },
  {
    ...{ method: 'get', path: '/api/v1/notices/address', who: 'person' },
    summary: 'Where one gets mail about notices, if anywhere',
    answers: { 200: { says: 'one’s own address', schema: NoticeAddressView } },
  },
  {
    ...{ method: 'put', path: '/api/v1/notices/address', who: 'person' },
    summary: 'Set or forget the address for mail about one’s own notices',
    more: 'Kept sealed. Mails hold the kind of a notice and a link, nothing else.',
    body: NoticeAddressIn,
    answers: { 204: { says: 'kept, or forgotten' } },
    problems: { 503: ['LEDGER_UNAVAILABLE'] },
  },
];
