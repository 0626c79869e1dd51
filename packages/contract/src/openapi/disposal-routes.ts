import { ChallengeView } from '../access-requests.ts';
import {
  DisposalDecisionIn,
  DisposalItemsQuery,
  DisposalItemsView,
  DisposalRejectIn,
  DisposalRunIn,
  DisposalRunsQuery,
  DisposalRunsView,
  DisposalRunView,
  DisposalView,
  DueView,
  RunCertificateQuery,
} from '../disposals.ts';
import type { Route } from './route.ts';

const READERS = {
  who: ['compliance', 'auditor', 'approver'],
  action: ['retention', 'audits', 'approve'],
} as const;
const OFFICERS = { who: ['compliance'], action: 'retention' } as const;
const APPROVERS = { who: ['approver'], action: 'approve' } as const;
const RUN = { says: 'the run as it is now', schema: DisposalRunView };
const CERTIFICATE = {
  says: 'the certificate, `voxkeep/disposal-certificate/v1`, byte for byte as it verifies',
  bytes: ['application/json'],
  headers: { 'x-voxkeep-record-count': 'how many records are in it' },
};
const DECIDED = ['DISPOSAL_RUN_STATE', 'DISPOSAL_OVER', 'ALREADY_DECIDED'] as const;

const steering = (verb: 'pause' | 'resume' | 'stop', summary: string): Route => ({
  ...{ method: 'post', path: `/api/v1/disposals/runs/:id/${verb}`, ...OFFICERS, summary },
  answers: { 200: RUN },
  problems: { 404: ['DISPOSAL_RUN_UNKNOWN'], 409: ['DISPOSAL_RUN_STATE'] },
});

/** What is due, the lists by which it goes, and what became of it. */
export const disposalRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/disposals/due', ...READERS },
    summary: 'What may go today, by why and by which rule',
    answers: { 200: { says: 'counts, and the first hundred', schema: DueView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/disposals/runs', ...OFFICERS },
    summary: 'Propose what is due, or chosen records of it',
    more: 'Nothing goes by it: the answer is the dry run. Few that are due begin by themselves; more, and chosen ones, when two approvers have signed.',
    body: DisposalRunIn,
    answers: { 201: RUN },
    problems: { 409: ['DISPOSAL_NOTHING_DUE', 'DISPOSAL_NOT_DUE', 'PERSON_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs', ...READERS },
    summary: 'Runs, newest first',
    query: DisposalRunsQuery,
    answers: { 200: { says: 'a page of them', schema: DisposalRunsView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs/:id', ...READERS },
    summary: 'A run: how far it is, who decided, what it kept',
    answers: { 200: RUN },
    problems: { 404: ['DISPOSAL_RUN_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs/:id/items', ...READERS },
    summary: 'The records of a run, by id',
    query: DisposalItemsQuery,
    answers: { 200: { says: 'a page of them', schema: DisposalItemsView } },
    problems: { 404: ['DISPOSAL_RUN_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs/:id/items.csv', ...READERS },
    summary: 'All records of a run, as a table',
    answers: { 200: { says: 'a line each, by id', bytes: ['text/csv; charset=utf-8'] } },
    problems: { 404: ['DISPOSAL_RUN_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs/:id/challenge', ...APPROVERS },
    summary: 'What an approver signs for a run',
    answers: { 200: { says: 'the statement, and options for the passkey', schema: ChallengeView } },
    problems: { 404: ['DISPOSAL_RUN_UNKNOWN'], 409: ['DISPOSAL_RUN_STATE'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/disposals/runs/:id/approve', ...APPROVERS },
    summary: 'Approve a run by a signature; the second one lets it begin',
    body: DisposalDecisionIn,
    answers: { 200: RUN },
    problems: {
      403: [
        'OWN_REQUEST',
        'SAME_PERSON',
        'SIGNATURE_INVALID',
        'PASSKEY_NOT_ENROLLED',
        'SIGNERS_WRONG',
      ],
      404: ['DISPOSAL_RUN_UNKNOWN'],
      409: [...DECIDED, 'PERSON_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/disposals/runs/:id/reject', ...APPROVERS },
    summary: 'Reject a run; nothing of it goes',
    body: DisposalRejectIn,
    answers: { 200: RUN },
    problems: {
      403: ['OWN_REQUEST', 'SAME_PERSON'],
      404: ['DISPOSAL_RUN_UNKNOWN'],
      409: [...DECIDED, 'PERSON_UNKNOWN'],
    },
  },
  steering('pause', 'Pause a run after the record under way'),
  steering('resume', 'Let a paused run go on'),
  steering('stop', 'Stop a run for good; what is gone is gone'),
  {
    ...{ method: 'get', path: '/api/v1/records/:id/disposal', ...READERS },
    summary: 'What became of a record that is gone',
    answers: { 200: { says: 'the disposal, in its two stages', schema: DisposalView } },
    problems: { 404: ['RECORD_UNKNOWN', 'RECORD_NOT_DISPOSED'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/disposal/certificate', ...READERS },
    summary: 'The deletion certificate of a record, which verifies offline',
    more: 'That it was given out, and a digest of what it says, is on the ledger before it leaves.',
    answers: { 200: CERTIFICATE },
    problems: { 404: ['RECORD_NOT_DISPOSED'], 503: ['LEDGER_UNAVAILABLE', 'LEDGER_RESTORING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/disposal/certificate.pdf', ...READERS },
    summary: 'The same on paper, for people; what proves is the file',
    answers: { 200: { says: 'the certificate, with its fonts', bytes: ['application/pdf'] } },
    problems: { 404: ['RECORD_NOT_DISPOSED'], 503: ['LEDGER_UNAVAILABLE', 'LEDGER_RESTORING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/disposals/runs/:id/certificate', ...READERS },
    summary: 'The certificate of what a run has disposed of: at most 1,000 records in a document',
    query: RunCertificateQuery,
    answers: {
      200: {
        ...CERTIFICATE,
        headers: {
          ...CERTIFICATE.headers,
          'x-voxkeep-next': '`after` of the next document, where there is one',
        },
      },
    },
    problems: {
      404: ['DISPOSAL_RUN_UNKNOWN', 'RECORD_NOT_DISPOSED'],
      503: ['LEDGER_UNAVAILABLE', 'LEDGER_RESTORING'],
    },
  },
];
