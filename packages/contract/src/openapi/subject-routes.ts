import {
  ClosureIn,
  ClosuresQuery,
  ClosuresView,
  ClosureView,
  SubjectExtendIn,
  SubjectReasonIn,
  SubjectRecordsQuery,
  SubjectRecordsView,
  SubjectRequestDetail,
  SubjectRequestIn,
  SubjectRequestsQuery,
  SubjectRequestsView,
  SubjectRequestView,
} from '../subjects.ts';
import type { Route } from './route.ts';

const COMPLIANCE = { who: ['compliance'], action: 'retention' } as const;
const ONE = '/api/v1/subject-requests/:id';
const UNKNOWN = ['SUBJECT_REQUEST_UNKNOWN'];
const NO_PERSON = ['PERSON_UNKNOWN'];
const CLOSURES = { who: ['compliance'], action: 'close_account', keyScope: 'closure' } as const;

/** What persons ask of their calls, and accounts that were closed. */
export const subjectRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: '/api/v1/account-closures', ...CLOSURES },
    summary: 'Tell that an account was closed',
    more:
      'Its calls are restricted after the answer, later ones as they arrive; how far it is stands in ' +
      'GET /account-closures/{reference}. The same reference with the same content is answered with 200.',
    body: ClosureIn,
    answers: {
      201: { says: 'its calls are being restricted', schema: ClosureView },
      200: { says: 'told before', schema: ClosureView },
    },
    problems: { 409: ['CLOSURE_CONFLICT'], 422: ['CLOSURE_DAY_INVALID'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/account-closures/:reference', ...CLOSURES },
    summary: 'How far the restriction of a closed account’s calls is',
    answers: { 200: { says: 'the closure', schema: ClosureView } },
    problems: { 404: ['CLOSURE_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/account-closures', ...COMPLIANCE },
    summary: 'Accounts that were closed, the newest first',
    query: ClosuresQuery,
    answers: { 200: { says: 'a page of closures', schema: ClosuresView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/subject-requests', ...COMPLIANCE },
    summary: 'Enter what a person asks for: a copy, a correction, an erasure',
    more: 'Number, account and words are kept sealed. Another person of compliance grants it.',
    body: SubjectRequestIn,
    answers: { 201: { says: 'entered, with its deadline', schema: SubjectRequestView } },
    problems: {
      409: NO_PERSON,
      422: ['SUBJECT_DAY_INVALID', 'SUBJECT_VALUE_UNKNOWN', 'SUBJECT_RECORD_OTHER'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/subject-requests', ...COMPLIANCE },
    summary: 'Requests of persons, with what is due and overdue',
    query: SubjectRequestsQuery,
    answers: { 200: { says: 'a page of requests', schema: SubjectRequestsView } },
    problems: { 409: NO_PERSON },
  },
  {
    ...{ method: 'get', path: ONE, ...COMPLIANCE },
    summary: 'One request, with who it is and what was said; the look stands in the ledger',
    answers: { 200: { says: 'the request', schema: SubjectRequestDetail } },
    problems: { 404: UNKNOWN, 409: NO_PERSON },
  },
  {
    ...{ method: 'get', path: `${ONE}/records`, ...COMPLIANCE },
    summary: 'The person’s records: when each goes, and why not before',
    query: SubjectRecordsQuery,
    answers: { 200: { says: 'a page of records', schema: SubjectRecordsView } },
    problems: { 404: UNKNOWN, 409: NO_PERSON },
  },
  {
    ...{ method: 'post', path: `${ONE}/grant`, ...COMPLIANCE },
    summary: 'Grant a request, as another person than who entered it',
    more:
      'An erasure restricts the person’s records after the answer, later ones as they arrive; they go ' +
      'when their minimum is over. A copy that broke off is granted again.',
    answers: { 200: { says: 'granted', schema: SubjectRequestView } },
    problems: {
      403: ['SUBJECT_SECOND_PERSON'],
      404: UNKNOWN,
      409: ['SUBJECT_REQUEST_STATE', ...NO_PERSON],
      422: ['SUBJECT_COPY_EMPTY', 'SUBJECT_COPY_TOO_LARGE'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/refuse`, ...COMPLIANCE },
    summary: 'Refuse a request, with a reason',
    body: SubjectReasonIn,
    answers: { 200: { says: 'refused', schema: SubjectRequestView } },
    problems: { 404: UNKNOWN, 409: ['SUBJECT_REQUEST_STATE', ...NO_PERSON] },
  },
  {
    ...{ method: 'post', path: `${ONE}/extend`, ...COMPLIANCE },
    summary: 'Put the deadline of a request off, once',
    body: SubjectExtendIn,
    answers: { 200: { says: 'the new deadline', schema: SubjectRequestView } },
    problems: {
      404: UNKNOWN,
      409: ['SUBJECT_REQUEST_STATE', 'SUBJECT_EXTENDED_ALREADY', ...NO_PERSON],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/withdraw`, ...COMPLIANCE },
    summary: 'Take a request back that was a mistake: what it restricted is as before',
    body: SubjectReasonIn,
    answers: { 200: { says: 'withdrawn', schema: SubjectRequestView } },
    problems: { 404: UNKNOWN, 409: ['SUBJECT_REQUEST_STATE', ...NO_PERSON] },
  },
  {
    ...{ method: 'post', path: `${ONE}/copy`, ...COMPLIANCE },
    summary: 'Take the granted copy, once',
    more: 'A ZIP of what is kept of each call and its redacted transcript, with its sound where asked for.',
    answers: {
      200: {
        ...{ says: 'a ZIP, made while it leaves', bytes: ['application/zip'] },
        headers: { 'x-voxkeep-record-count': 'how many records are in it' },
      },
    },
    problems: { 404: UNKNOWN, 409: ['SUBJECT_REQUEST_STATE', ...NO_PERSON] },
  },
];
