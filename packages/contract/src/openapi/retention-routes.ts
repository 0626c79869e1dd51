import {
  AnchorIn,
  RecordRetention,
  RetentionApplied,
  RetentionApplyIn,
  RetentionPreview,
  RetentionPreviewIn,
  RetentionRulesText,
  RetentionRulesView,
} from '../retention.ts';
import type { Route } from './route.ts';

const OFFICERS = { who: ['compliance'], action: 'retention' } as const;
const SEEN_BY = { who: ['compliance', 'auditor'], action: ['retention', 'audits'] } as const;
const VIEWERS = [
  ...(['agent', 'team_lead', 'qa', 'crisis', 'auditor', 'regulator', 'trainer'] as const),
  'compliance',
] as const;

/** Until when records are kept, and the rules that say so. */
export const retentionRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/records/:id/retention', who: VIEWERS, action: 'view' },
    summary: 'Until when a record is kept, which rule won, and what else applied',
    answers: { 200: { says: 'its term and why', schema: RecordRetention } },
    problems: { 404: ['RECORD_UNKNOWN'], 409: ['RECORD_NOT_READY'] },
  },
  {
    ...{ method: 'put', path: '/api/v1/records/:id/anchors/:anchor', ...OFFICERS },
    summary: 'Tell a day that the period of a record counts from',
    more:
      'Until it is told, a record whose rule counts from it is kept. Told again, the newer day counts. ' +
      'The ledger has what the term was before.',
    body: AnchorIn,
    answers: { 200: { says: 'its term and why', schema: RecordRetention } },
    problems: { 404: ['RECORD_UNKNOWN'], 410: ['RECORD_DISPOSED'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/retention/rules', ...SEEN_BY },
    summary: 'The rules in force, their versions, and whether the file says otherwise',
    answers: { 200: { says: 'the rules', schema: RetentionRulesView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/retention/rules/:number', ...SEEN_BY },
    summary: 'Rules that were ever in force, whole',
    answers: { 200: { says: 'their text', schema: RetentionRulesText } },
    problems: { 404: ['RETENTION_RULES_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/retention/rules/preview', ...OFFICERS },
    summary: 'What other rules would change, record by record; nothing changes',
    body: RetentionPreviewIn,
    answers: { 200: { says: 'counts and examples', schema: RetentionPreview } },
    problems: { 409: ['RETENTION_WALKING'], 422: ['RETENTION_PROFILES_INVALID'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/retention/rules', ...OFFICERS },
    summary: 'Put rules into force, as they were previewed',
    more:
      'New records follow them at once; all others get their terms after the answer, and how far that is ' +
      'stands in GET /retention/rules. Where any record may go sooner by them this has to be said, and ' +
      'a second officer has to ask for the same within seven days.',
    body: RetentionApplyIn,
    answers: {
      202: { says: 'in force, or kept for the second officer', schema: RetentionApplied },
    },
    problems: {
      409: ['RETENTION_SHORTENS', 'RETENTION_STALE', 'RETENTION_UNCHANGED', 'RETENTION_WALKING'],
      422: ['RETENTION_PROFILES_INVALID'],
    },
  },
];
