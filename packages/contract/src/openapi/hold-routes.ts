import {
  HoldCandidates,
  HoldIn,
  HoldNotice,
  HoldPlaced,
  HoldRecords,
  HoldRecordsIn,
  HoldRecordsQuery,
  HoldReleaseIn,
  HoldsQuery,
  HoldsView,
  HoldView,
  RecordHolds,
} from '../holds.ts';
import type { Route } from './route.ts';

const OFFICERS = { who: ['compliance'], action: 'hold' } as const;
const SEEN_BY = { who: ['compliance', 'auditor'], action: ['hold', 'audits'] } as const;
const OF_ONE = { 404: ['HOLD_UNKNOWN'] };

/** Matters that freeze records against any deletion. */
export const holdRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: '/api/v1/holds', ...OFFICERS },
    summary: 'Place a legal hold on chosen records, or on all that a search finds, or on both',
    more:
      'From the answer on none of them is disposed of, those too that the walk over a search has not come to; ' +
      'a search goes on catching new records as they are archived. Records that it comes too late for are named.',
    body: HoldIn,
    answers: { 201: { says: 'the hold, and what it came too late for', schema: HoldPlaced } },
    problems: {
      400: ['SEARCH_QUERY_INVALID', 'SEARCH_TEXT_TOO_SHORT'],
      409: ['PERSON_UNKNOWN'],
      422: ['HOLD_CUSTODIAN_UNKNOWN'],
      503: ['HOLD_BUSY'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/holds', ...SEEN_BY },
    summary: 'Legal holds, newest first',
    query: HoldsQuery,
    answers: { 200: { says: 'a page', schema: HoldsView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/holds/custodians', ...OFFICERS },
    summary: 'Who can be a custodian of a hold: people of the house who can sign in',
    answers: { 200: { says: 'their accounts, by name', schema: HoldCandidates } },
  },
  {
    ...{ method: 'get', path: '/api/v1/holds/:id', ...SEEN_BY },
    summary: 'One hold: matter, reason, custodians, search and progress',
    answers: { 200: { says: 'the hold', schema: HoldView } },
    problems: OF_ONE,
  },
  {
    ...{ method: 'get', path: '/api/v1/holds/:id/records', ...SEEN_BY },
    summary: 'The records that a hold has noted',
    query: HoldRecordsQuery,
    answers: { 200: { says: 'a page', schema: HoldRecords } },
    problems: OF_ONE,
  },
  {
    ...{ method: 'post', path: '/api/v1/holds/:id/records', ...OFFICERS },
    summary: 'Add records to a hold',
    body: HoldRecordsIn,
    answers: { 200: { says: 'the hold, and what it came too late for', schema: HoldPlaced } },
    problems: { ...OF_ONE, 409: ['HOLD_RELEASED', 'PERSON_UNKNOWN'] },
  },
  {
    ...{ method: 'delete', path: '/api/v1/holds/:id/records/:recordId', ...OFFICERS },
    summary: 'Release one record from a hold',
    more: 'By another person than who placed the hold. Its search catches the record no more.',
    body: HoldReleaseIn,
    answers: { 200: { says: 'the hold', schema: HoldView } },
    problems: {
      403: ['HOLD_SAME_PERSON'],
      404: ['HOLD_UNKNOWN', 'RECORD_NOT_HELD'],
      409: ['HOLD_RELEASED', 'PERSON_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/holds/:id/release', ...OFFICERS },
    summary: 'Release a hold',
    more:
      'By another person than who placed it. Its records are let go after the answer, and what was put off ' +
      'for those that no other hold keeps is asked for again.',
    body: HoldReleaseIn,
    answers: { 200: { says: 'the hold', schema: HoldView } },
    problems: {
      ...{ ...OF_ONE, 403: ['HOLD_SAME_PERSON'] },
      409: ['HOLD_RELEASED', 'PERSON_UNKNOWN'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/holds/:id/notice', who: 'person' },
    summary: 'What a custodian of a hold is told',
    more: 'To anybody else there is no such hold.',
    answers: { 200: { says: 'the matter', schema: HoldNotice } },
    problems: OF_ONE,
  },
  {
    ...{ method: 'post', path: '/api/v1/holds/:id/acknowledge', who: 'person' },
    summary: 'Say, as its custodian, that one has read of a hold or of its release',
    answers: { 200: { says: 'the matter, and when it was said', schema: HoldNotice } },
    problems: { ...OF_ONE, 503: ['LEDGER_UNAVAILABLE'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/holds', ...SEEN_BY },
    summary: 'The living holds that keep a record',
    answers: { 200: { says: 'holds', schema: RecordHolds } },
    problems: { 404: ['RECORD_UNKNOWN'] },
  },
];
