import {
  AccessRequestsQuery,
  AccessRequestsView,
  AccessRequestView,
  ApproveIn,
  BreakGlassIn,
  ChallengeQuery,
  ChallengeView,
  ConfirmPasskeyIn,
  CredentialOptions,
  GrantsView,
  MandateHolders,
  MandateIn,
  PasskeyIn,
  PasskeysQuery,
  PasskeysView,
  PasskeyView,
  RecordsRequestIn,
  RejectIn,
  ReviewIn,
  RevokeIn,
} from '../access-requests.ts';
import type { Route } from './route.ts';

const REQUESTERS = {
  who: ['agent', 'team_lead', 'qa', 'crisis', 'auditor'],
  action: 'request_access',
} as const;
const MANDATES = { who: ['compliance', 'regulator'], action: 'request_mandate' } as const;
const APPROVERS = { who: ['approver'], action: 'approve' } as const;
const ENDERS = { who: ['approver', 'compliance'], action: 'end_access' } as const;
const CONFIRMERS = {
  who: ['approver', 'compliance', 'admin'],
  action: ['approve', 'enrol'],
} as const;

const ONE = { 404: ['REQUEST_UNKNOWN'], 503: ['LEDGER_UNAVAILABLE'] };
const SIGNED = ['SIGNATURE_INVALID', 'PASSKEY_NOT_ENROLLED', 'SAME_PERSON', 'SIGNERS_WRONG'];
const PENDING = ['REQUEST_NOT_PENDING', 'REQUEST_EXPIRED'];
const request = { 200: { says: 'the request as it is now', schema: AccessRequestView } };
const made = { 201: { says: 'the request', schema: AccessRequestView } };
const BASE = '/api/v1/access/requests';
const KEYS = '/api/v1/access/passkeys';

/** Access requests, break-glass, mandates and passkeys. */
export const accessRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: BASE, ...REQUESTERS },
    summary: 'Ask for records, named or as a search finds them now',
    body: RecordsRequestIn,
    answers: made,
    problems: {
      400: ['SEARCH_QUERY_INVALID', 'SEARCH_TEXT_TOO_SHORT'],
      404: ['RECORD_UNKNOWN'],
      409: ['PERSON_UNKNOWN', 'RECORD_NOT_READY', 'TOO_MANY_PENDING'],
      422: ['FIELD_NOT_GRANTABLE', 'REQUEST_EMPTY', 'REQUEST_TOO_LARGE'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/access/break-glass', ...REQUESTERS },
    summary: 'Ask for one record in an emergency: the requester and one approver sign',
    body: BreakGlassIn,
    answers: made,
    problems: {
      404: ['RECORD_UNKNOWN'],
      409: ['PERSON_UNKNOWN', 'RECORD_NOT_READY', 'BREAK_GLASS_TO_REVIEW', 'TOO_MANY_PENDING'],
      422: ['FIELD_NOT_GRANTABLE'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/access/mandates', ...MANDATES },
    summary: 'Ask for a regulator’s mandate',
    body: MandateIn,
    answers: made,
    problems: {
      409: ['PERSON_UNKNOWN', 'TOO_MANY_PENDING'],
      422: ['MANDATE_HOLDER_INVALID', 'MANDATE_SCOPE_INVALID'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/access/mandate-holders', ...MANDATES },
    summary: 'Regulators who can hold a mandate',
    answers: { 200: { says: 'regulators', schema: MandateHolders } },
  },
  {
    ...{ method: 'get', path: BASE, who: 'person' },
    summary: 'Requests: one’s own, those that wait for one, or all for whoever oversees',
    query: AccessRequestsQuery,
    answers: { 200: { says: 'a page of requests, newest first', schema: AccessRequestsView } },
    problems: { 403: ['FORBIDDEN'] },
  },
  {
    ...{ method: 'get', path: `${BASE}/:id`, who: 'person' },
    summary: 'One request, for whoever asked, holds it or oversees',
    answers: request,
    problems: { 404: ['REQUEST_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/access/grants', who: 'person' },
    summary: 'What one holds now: grants and mandates, soonest end first',
    answers: { 200: { says: 'grants', schema: GrantsView } },
  },
  {
    ...{ method: 'get', path: `${BASE}/:id/challenge`, who: 'person' },
    summary: 'What one’s passkey has to sign for a decision',
    query: ChallengeQuery,
    answers: { 200: { says: 'characters and options', schema: ChallengeView } },
    problems: { 404: ['REQUEST_UNKNOWN', 'PASSKEY_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/approve`, ...APPROVERS },
    summary: 'Approve, with a signature over the request',
    body: ApproveIn,
    answers: request,
    problems: {
      ...ONE,
      403: [...SIGNED, 'OWN_REQUEST', 'HANDLED_RECORD'],
      409: [
        ...PENDING,
        'ALREADY_DECIDED',
        'PERSON_UNKNOWN',
        'BREAK_GLASS_TO_REVIEW',
        'WARRANT_OVER',
      ],
    },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/sign`, who: 'person' },
    summary: 'Sign one’s own break-glass',
    body: ApproveIn,
    answers: request,
    problems: {
      ...ONE,
      403: [...SIGNED, 'NOT_GRANTEE'],
      409: [
        ...PENDING,
        'ALREADY_DECIDED',
        'PERSON_UNKNOWN',
        'BREAK_GLASS_TO_REVIEW',
        'WARRANT_OVER',
      ],
    },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/reject`, ...APPROVERS },
    summary: 'Reject, with a reason; one rejection ends a request',
    body: RejectIn,
    answers: request,
    problems: {
      ...ONE,
      403: ['OWN_REQUEST', 'HANDLED_RECORD'],
      409: [...PENDING, 'PERSON_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/withdraw`, who: 'person' },
    summary: 'Take back what waits, give back what is in force',
    answers: request,
    problems: { ...ONE, 403: ['NOT_GRANTEE'], 409: ['REQUEST_NOT_PENDING'] },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/revoke`, ...ENDERS },
    summary: 'End a request or a grant at once, with a reason',
    body: RevokeIn,
    answers: request,
    problems: { ...ONE, 409: ['REQUEST_NOT_PENDING'] },
  },
  {
    ...{ method: 'post', path: `${BASE}/:id/review`, ...APPROVERS },
    summary: 'Review a break-glass, with a signature over the finding',
    body: ReviewIn,
    answers: request,
    problems: { ...ONE, 403: SIGNED, 409: ['REQUEST_NOT_PENDING'] },
  },
  {
    ...{ method: 'get', path: KEYS, who: 'person' },
    summary: 'Passkeys: one’s own, or everybody’s for whoever confirms or oversees',
    query: PasskeysQuery,
    answers: { 200: { says: 'passkeys', schema: PasskeysView } },
    problems: { 403: ['FORBIDDEN'] },
  },
  {
    ...{ method: 'post', path: `${KEYS}/options`, who: 'person' },
    summary: 'Begin to register a passkey; the challenge is good once, for five minutes',
    answers: { 200: { says: 'options for the browser', schema: CredentialOptions } },
    problems: { 409: ['PERSON_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: KEYS, who: 'person' },
    summary: 'Register a passkey; it counts once two people have confirmed it',
    body: PasskeyIn,
    answers: { 201: { says: 'the passkey', schema: PasskeyView } },
    problems: {
      400: ['PASSKEY_INVALID'],
      409: ['PASSKEY_STALE', 'PERSON_UNKNOWN', 'TOO_MANY_PENDING'],
      503: ['LEDGER_UNAVAILABLE'],
    },
  },
  {
    ...{ method: 'get', path: `${KEYS}/:id/challenge`, ...CONFIRMERS },
    summary: 'What an approver’s passkey has to sign to confirm another’s',
    answers: { 200: { says: 'characters and options', schema: ChallengeView } },
    problems: { 404: ['PASSKEY_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: `${KEYS}/:id/confirm`, ...CONFIRMERS },
    summary: 'One of the two confirmations of a passkey',
    body: ConfirmPasskeyIn,
    answers: { 200: { says: 'the passkey as it is now', schema: PasskeyView } },
    problems: {
      400: ['PASSKEY_INVALID'],
      401: ['SIGN_IN_FAILED'],
      403: [...SIGNED, 'ENROLMENT_OWN'],
      404: ['PASSKEY_UNKNOWN'],
      409: ['ENROLMENT_NOT_AWAITING', 'ALREADY_DECIDED', 'PERSON_UNKNOWN', 'PASSKEY_TAKEN'],
      423: ['ACCOUNT_LOCKED'],
    },
  },
  {
    ...{ method: 'post', path: `${KEYS}/:id/revoke`, who: 'person' },
    summary: 'End a passkey for good',
    answers: { 200: { says: 'the passkey as it is now', schema: PasskeyView } },
    problems: {
      403: ['FORBIDDEN'],
      404: ['PASSKEY_UNKNOWN'],
      409: ['ENROLMENT_NOT_AWAITING'],
      503: ['LEDGER_UNAVAILABLE'],
    },
  },
];
