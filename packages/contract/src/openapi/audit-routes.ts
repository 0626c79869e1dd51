import {
  AuditAcceptIn,
  AuditFindingsPage,
  AuditFindingsQuery,
  AuditFindingView,
  AuditPaperQuery,
  AuditReport,
  AuditRunDetail,
  AuditsView,
  AuditTrend,
  AuditTrendQuery,
  RegisterEntryIn,
  RegisterEntryView,
  RegistersView,
} from '../audits.ts';
import type { Route } from './route.ts';

const OVERSEERS = { who: ['compliance', 'auditor'], action: 'audits' } as const;
const COMPLIANCE = { who: ['compliance'], action: 'retention' } as const;

/** Compliance audits, their findings, and the registers that they look at. */
export const auditRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/audits', ...OVERSEERS },
    summary: 'Compliance audits, newest first, and the next one by schedule',
    answers: { 200: { says: 'the audits', schema: AuditsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/audits', ...OVERSEERS },
    summary: 'Run a compliance audit now',
    more: 'Goes on after the answer; how far it is stands in GET /audits/:id. One audit at a time.',
    answers: { 202: { says: 'it has begun', schema: AuditRunDetail } },
    problems: { 409: ['AUDIT_RUNNING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/audits/trend', ...OVERSEERS },
    summary: 'Findings of each check over the months',
    query: AuditTrendQuery,
    answers: { 200: { says: 'the audits that have ended, oldest first', schema: AuditTrend } },
  },
  {
    ...{ method: 'get', path: '/api/v1/audits/:id', ...OVERSEERS },
    summary: 'One audit with each of its checks',
    answers: { 200: { says: 'the audit', schema: AuditRunDetail } },
    problems: { 404: ['AUDIT_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/audits/:id/findings', ...OVERSEERS },
    summary: 'What an audit found: what is wrong with what, what to do, how it is tried again',
    query: AuditFindingsQuery,
    answers: { 200: { says: 'a page of findings', schema: AuditFindingsPage } },
    problems: { 404: ['AUDIT_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/audits/:id/report.json', ...OVERSEERS },
    summary: 'The archived report',
    more: 'Canonical JSON (RFC 8785), opened from the sealed copy at a site whose digest is that of the ledger.',
    answers: { 200: { says: 'the report', schema: AuditReport } },
    problems: { 404: ['AUDIT_UNKNOWN'], 409: ['AUDIT_NOT_ENDED'], 503: ['REPORT_MISSING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/audits/:id/report.pdf', ...OVERSEERS },
    summary: 'The archived report as it is printed, its font within',
    query: AuditPaperQuery,
    answers: { 200: { says: 'the report', bytes: ['application/pdf'] } },
    problems: { 404: ['AUDIT_UNKNOWN'], 409: ['AUDIT_NOT_ENDED'], 503: ['REPORT_MISSING'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/audits/findings/:id/accept', ...OVERSEERS },
    summary: 'Accept a finding as it is, for a year; it takes two people',
    more: 'The first person’s word waits seven days for the second’s.',
    body: AuditAcceptIn,
    answers: { 200: { says: 'the finding', schema: AuditFindingView } },
    problems: { 404: ['FINDING_UNKNOWN'], 409: ['FINDING_NOT_OPEN', 'PERSON_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/audits/findings/:id/retest', ...OVERSEERS },
    summary: 'Run the finding’s check again: fixed when the same is not found',
    answers: { 200: { says: 'the finding', schema: AuditFindingView } },
    problems: {
      404: ['FINDING_UNKNOWN'],
      409: ['FINDING_NOT_OPEN'],
      503: ['FINDING_NOT_RETESTED'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/registers', ...OVERSEERS },
    summary: 'Impact assessments, bases of consent, processors’ contracts, and countries of sites',
    answers: { 200: { says: 'the entries, newest first', schema: RegistersView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/registers', ...COMPLIANCE },
    summary: 'Enter a document into a register',
    body: RegisterEntryIn,
    answers: { 201: { says: 'the entry', schema: RegisterEntryView } },
    problems: { 422: ['REGISTER_INVALID'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/registers/:id/end', ...COMPLIANCE },
    summary: 'End an entry: it counts no more, and stays',
    answers: { 200: { says: 'the entry', schema: RegisterEntryView } },
    problems: { 404: ['REGISTER_UNKNOWN'] },
  },
];
