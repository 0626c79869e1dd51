import { AskedWaitsView, OriginalRejectIn, OriginalView, OriginalWaitIn } from '../originals.ts';
import type { Route } from './route.ts';

const READERS = {
  who: ['compliance', 'auditor', 'approver'],
  action: ['retention', 'audits', 'approve'],
} as const;
const APPROVERS = { who: ['approver'], action: 'approve' } as const;
const NOW = { says: 'the original as it is now', schema: OriginalView };
const DECIDED = {
  403: ['OWN_REQUEST', 'SAME_PERSON'],
  404: ['ORIGINAL_WAIT_UNKNOWN'],
  409: ['ORIGINAL_WAIT_DECIDED', 'ORIGINAL_NOT_WAITING', 'ALREADY_DECIDED', 'PERSON_UNKNOWN'],
};

/** Sensitive originals: until when they are needed, and who lets one wait for longer. */
export const originalRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/records/:id/original-wait', ...READERS },
    summary: 'Until when a sensitive original is needed, and why',
    more: 'Says when its keys go; the original itself is not read here.',
    answers: { 200: NOW },
    problems: { 404: ['RECORD_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/records/:id/original-wait' },
    ...{ who: ['compliance'], action: 'retention' },
    summary: 'Ask that a sensitive original be kept until a day',
    more: 'Nothing is kept by asking: two approvers, of two persons, have to grant it while the original is there.',
    body: OriginalWaitIn,
    answers: { 201: NOW },
    problems: {
      404: ['RECORD_UNKNOWN'],
      409: ['ORIGINAL_NOT_WAITING', 'ORIGINAL_WAIT_ASKED', 'PERSON_UNKNOWN'],
      422: ['ORIGINAL_DAY_INVALID'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/original-waits', ...READERS },
    summary: 'Questions about originals that wait for a decision, the oldest first',
    answers: { 200: { says: 'two hundred of them at most', schema: AskedWaitsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/original-waits/:id/approve', ...APPROVERS },
    summary: 'Approve that an original be kept; the second approval keeps it',
    answers: { 200: NOW },
    problems: DECIDED,
  },
  {
    ...{ method: 'post', path: '/api/v1/original-waits/:id/reject', ...APPROVERS },
    summary: 'Reject it: the original goes at its time',
    body: OriginalRejectIn,
    answers: { 200: NOW },
    problems: DECIDED,
  },
];
