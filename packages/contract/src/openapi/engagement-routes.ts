import {
  EngagementCloseIn,
  EngagementConfirmIn,
  EngagementIn,
  EngagementsView,
  EngagementView,
  EvidenceAnswerIn,
  EvidenceIn,
  EvidencesView,
  EvidenceView,
  ExternalFindingAnswerIn,
  ExternalFindingCloseIn,
  ExternalFindingIn,
  ExternalFindingsView,
  ExternalFindingView,
  SampleDrawIn,
  SampleIn,
  SamplesView,
  SampleView,
} from '../engagements.ts';
import type { Route } from './route.ts';

const OVERSEERS = { who: ['compliance', 'auditor'], action: 'audits' } as const;
const COMPLIANCE = { who: ['compliance'], action: 'engage' } as const;
const AUDITORS = { who: ['auditor'], action: 'examine' } as const;
const ONE = '/api/v1/engagements/:id';
const UNKNOWN = 'ENGAGEMENT_UNKNOWN';
const OURS = { 403: ['ENGAGEMENT_OTHER'] } as const;
const PERSON = 'PERSON_UNKNOWN';

/** Outside auditors: engagements, samples, evidence, findings. */
export const engagementRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/engagements', ...OVERSEERS },
    summary: 'Engagements of outside auditors, newest first; to such an auditor, their own',
    answers: { 200: { says: 'the engagements', schema: EngagementsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/engagements', ...COMPLIANCE },
    summary: 'Open an engagement; it takes effect when a second officer confirms it',
    body: EngagementIn,
    answers: { 201: { says: 'the engagement', schema: EngagementView } },
    problems: { 409: [PERSON], 422: ['ENGAGEMENT_DAYS_INVALID'] },
  },
  {
    ...{ method: 'get', path: ONE, ...OVERSEERS },
    summary: 'One engagement; the look stands in the ledger',
    answers: { 200: { says: 'the engagement', schema: EngagementView } },
    problems: { 404: [UNKNOWN] },
  },
  {
    ...{ method: 'post', path: `${ONE}/confirm`, ...COMPLIANCE },
    summary: 'Confirm the text of an engagement, as another person than who opened it',
    more: 'From then on administrators make accounts for it, which open nothing outside its days.',
    body: EngagementConfirmIn,
    answers: { 200: { says: 'the engagement', schema: EngagementView } },
    problems: {
      403: ['ENGAGEMENT_SECOND_PERSON'],
      404: [UNKNOWN],
      409: ['ENGAGEMENT_STATE', 'ENGAGEMENT_TEXT_OTHER', PERSON],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/close`, ...COMPLIANCE },
    summary: 'Close an engagement: its accounts open nothing any more, at once',
    body: EngagementCloseIn,
    answers: { 200: { says: 'the engagement', schema: EngagementView } },
    problems: { 404: [UNKNOWN], 409: ['ENGAGEMENT_STATE', PERSON] },
  },
  {
    ...{ method: 'get', path: `${ONE}/samples`, ...OVERSEERS },
    summary: 'Samples of an engagement, newest first',
    answers: { 200: { says: 'the samples, without their calls', schema: SamplesView } },
    problems: { 404: [UNKNOWN] },
  },
  {
    ...{ method: 'post', path: `${ONE}/samples`, ...AUDITORS },
    summary: 'Ask for a sample, committed to a nonce that is told afterwards',
    more:
      'The request, the commitment and the digest of what it is drawn from stand in the ledger when the answer ' +
      'comes. The seed is SHA-256 of the nonce and the root of the first tree that holds the request: note the ' +
      'root that is answered. One at a time.',
    body: SampleIn,
    answers: { 201: { says: 'the sample, not drawn yet', schema: SampleView } },
    problems: {
      ...OURS,
      404: [UNKNOWN],
      409: ['ENGAGEMENT_STATE', 'SAMPLE_WAITS', PERSON],
      422: ['ENGAGEMENT_SCOPE', 'SAMPLE_POPULATION_EMPTY', 'SAMPLE_POPULATION_LARGE'],
    },
  },
  {
    ...{ method: 'get', path: `${ONE}/samples/:sampleId`, ...OVERSEERS },
    summary: 'One sample with its calls',
    answers: { 200: { says: 'the sample', schema: SampleView } },
    problems: { 404: [UNKNOWN, 'SAMPLE_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: `${ONE}/samples/:sampleId/draw`, ...AUDITORS },
    summary: 'Tell the nonce, and draw the sample',
    body: SampleDrawIn,
    answers: { 200: { says: 'the sample with its calls', schema: SampleView } },
    problems: {
      ...OURS,
      404: [UNKNOWN, 'SAMPLE_UNKNOWN'],
      409: ['ENGAGEMENT_STATE', 'SAMPLE_STATE', PERSON],
      422: ['SAMPLE_NONCE_WRONG'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/samples/:sampleId/give-up`, ...AUDITORS },
    summary: 'Give up a sample that is not drawn yet; it stays in the list',
    answers: { 200: { says: 'the sample', schema: SampleView } },
    problems: {
      ...OURS,
      404: [UNKNOWN, 'SAMPLE_UNKNOWN'],
      409: ['ENGAGEMENT_STATE', 'SAMPLE_STATE', PERSON],
    },
  },
  {
    ...{ method: 'get', path: `${ONE}/samples/:sampleId/population`, ...OVERSEERS },
    summary: 'Ids of the calls that a sample is drawn from, one a line, in order',
    answers: { 200: { says: 'the ids', bytes: ['text/plain'] } },
    problems: { 404: [UNKNOWN, 'SAMPLE_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: `${ONE}/samples/:sampleId/proof`, ...OVERSEERS },
    summary: 'The proof of a drawn sample, which is verified offline',
    more: 'docs/FORMAT.md, Samples; `voxkeep verify sample FILE`. No personal data is in it.',
    answers: { 200: { says: 'the proof', bytes: ['application/json'] } },
    problems: {
      404: [UNKNOWN, 'SAMPLE_UNKNOWN'],
      409: ['SAMPLE_STATE'],
      503: ['LEDGER_RESTORING'],
    },
  },
  {
    ...{ method: 'get', path: `${ONE}/evidence`, ...OVERSEERS },
    summary: 'What auditors want to be shown, and the answers; the look stands in the ledger',
    answers: { 200: { says: 'the questions, newest first', schema: EvidencesView } },
    problems: { 404: [UNKNOWN] },
  },
  {
    ...{ method: 'post', path: `${ONE}/evidence`, ...AUDITORS },
    summary: 'Ask to be shown something by a day',
    body: EvidenceIn,
    answers: { 201: { says: 'the question', schema: EvidenceView } },
    problems: {
      ...OURS,
      404: [UNKNOWN],
      409: ['ENGAGEMENT_STATE', PERSON],
      422: ['ENGAGEMENT_DAYS_INVALID', 'EVIDENCE_REFERENCE_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/evidence/:evidenceId/answer`, ...COMPLIANCE },
    summary: 'Answer a question, and say what the answer rests on',
    body: EvidenceAnswerIn,
    answers: { 200: { says: 'the question with its answer', schema: EvidenceView } },
    problems: {
      404: [UNKNOWN, 'EVIDENCE_UNKNOWN'],
      409: ['EVIDENCE_STATE', PERSON],
      422: ['EVIDENCE_REFERENCE_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/evidence/:evidenceId/withdraw`, ...AUDITORS },
    summary: 'Take a question back that is not answered',
    answers: { 200: { says: 'the question', schema: EvidenceView } },
    problems: {
      ...OURS,
      404: [UNKNOWN, 'EVIDENCE_UNKNOWN'],
      409: ['ENGAGEMENT_STATE', 'EVIDENCE_STATE', PERSON],
    },
  },
  {
    ...{ method: 'get', path: `${ONE}/findings`, ...OVERSEERS },
    summary: 'Findings of an engagement, newest first; the look stands in the ledger',
    answers: { 200: { says: 'the findings', schema: ExternalFindingsView } },
    problems: { 404: [UNKNOWN] },
  },
  {
    ...{ method: 'post', path: `${ONE}/findings`, ...AUDITORS },
    summary: 'Write a finding',
    body: ExternalFindingIn,
    answers: { 201: { says: 'the finding', schema: ExternalFindingView } },
    problems: {
      ...OURS,
      404: [UNKNOWN],
      409: ['ENGAGEMENT_STATE', PERSON],
      422: ['ENGAGEMENT_SCOPE', 'EVIDENCE_REFERENCE_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/findings/:findingId/answer`, ...COMPLIANCE },
    summary: 'Answer a finding: accepted and mended by a day, or disputed',
    body: ExternalFindingAnswerIn,
    answers: { 200: { says: 'the finding', schema: ExternalFindingView } },
    problems: {
      404: [UNKNOWN, 'FINDING_UNKNOWN'],
      409: ['FINDING_STATE', PERSON],
      422: ['ENGAGEMENT_DAYS_INVALID'],
    },
  },
  {
    ...{ method: 'post', path: `${ONE}/findings/:findingId/close`, ...OVERSEERS },
    summary: 'Close a finding',
    more:
      'Its auditors do, while the engagement goes on; once it is over, a compliance officer who is another person ' +
      'than who answered.',
    body: ExternalFindingCloseIn,
    answers: { 200: { says: 'the finding', schema: ExternalFindingView } },
    problems: {
      403: ['ENGAGEMENT_OTHER', 'ENGAGEMENT_SECOND_PERSON'],
      404: [UNKNOWN, 'FINDING_UNKNOWN'],
      409: ['ENGAGEMENT_STATE', 'FINDING_STATE', PERSON],
    },
  },
];
