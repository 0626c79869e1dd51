import { z } from 'zod';
import { DrillIn, DrillsView } from '../drills.ts';
import { AttestIn, KeysView, RotateIn } from '../keys.ts';
import { DropView, JobRetried, JobsQuery, JobsView, SystemStatus } from '../operations.ts';
import { PlacementApplyIn, PlacementPlan, PlacementView } from '../placement.ts';
import { PolicyAnswers, PolicyQuestions, RoutesView } from '../policy-explain.ts';
import { ScrubIn, SiteFaults, SiteHistory, SiteHistoryQuery, SitesView } from '../sites.ts';
import type { Route } from './route.ts';

const OVERSEERS = {
  who: ['compliance', 'auditor', 'admin'],
  action: ['configure', 'audits'],
} as const;

/** Work under way, the state of the archive, and this document. */
export const systemRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/jobs', who: ['operator'], action: 'jobs' },
    summary: 'Records on their way or stopped, newest first; no content',
    query: JobsQuery,
    answers: { 200: { says: 'records and counts', schema: JobsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/jobs/:id/retry', who: ['operator'], action: 'retry_job' },
    summary: 'Let a quarantined record try again at the step that stopped it',
    answers: { 200: { says: 'the state that it goes on from', schema: JobRetried } },
    problems: { 404: ['RECORD_UNKNOWN'], 409: ['RECORD_NOT_RESUMABLE'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/drop', who: ['operator'], action: 'jobs' },
    summary: 'Calls in the drop folder of which nothing is stored, and why',
    answers: { 200: { says: 'the drop folder', schema: DropView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/status', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'Sites, ledger and counts',
    answers: { 200: { says: 'the state of the archive', schema: SystemStatus } },
  },
  {
    ...{ method: 'get', path: '/api/v1/sites', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'Each site: whether it is there, what it lags behind, what is wrong with its copies',
    answers: { 200: { says: 'the sites, nearest first', schema: SitesView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/sites/:name/history', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'What a site was like: reachable, backlog, lag, space, faults',
    more: 'Looked at every five minutes; kept for ninety days, by the hour after two.',
    query: SiteHistoryQuery,
    answers: { 200: { says: 'the history, oldest first', schema: SiteHistory } },
    problems: { 404: ['SITE_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/sites/:name/faults', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'Copies of a site that are not what was written, and could not be mended yet',
    answers: { 200: { says: 'the newest first', schema: SiteFaults } },
    problems: { 404: ['SITE_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/sites/:name/scrub', action: 'retry_job' },
    who: ['operator'],
    summary: 'Walk over the copies of a site now, and mend what is wrong',
    more: 'Goes on after the answer; how far it is stands in GET /sites. One walk at a time.',
    body: ScrubIn,
    answers: { 202: { says: 'the walk has begun', schema: SitesView } },
    problems: { 404: ['SITE_UNKNOWN'], 409: ['SCRUB_RUNNING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/drills', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'Recoveries that were rehearsed: from where, how long, what would be lost',
    answers: { 200: { says: 'the drills, newest first', schema: DrillsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/drills', action: 'retry_job' },
    who: ['operator'],
    summary: 'Rehearse a recovery from one site now, in a scratch folder',
    more:
      'Goes on after the answer; how far it is stands in GET /drills. One drill at a time. Nothing is ' +
      'written at a site, and the scratch folder goes at the end.',
    body: DrillIn,
    answers: { 202: { says: 'the drill has begun', schema: DrillsView } },
    problems: { 404: ['SITE_UNKNOWN'], 409: ['DRILL_RUNNING'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/placement', action: 'status' },
    who: ['operator', 'admin'],
    summary:
      'Where copies are wanted, what is on its way there, and whether the file says otherwise',
    answers: { 200: { says: 'the policy in force', schema: PlacementView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/placement/plan', action: 'status' },
    who: ['operator', 'admin'],
    summary: 'What would move if the placement file were applied now; nothing moves',
    answers: { 200: { says: 'objects by pool, site and change', schema: PlacementPlan } },
    problems: { 422: ['PLACEMENT_INVALID'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/placement/apply', action: 'retry_job' },
    who: ['operator'],
    summary: 'Put the placement file into force',
    more:
      'New records follow it at once; what lies elsewhere is brought after the answer, and copies that ' +
      'nobody wants any more go when those that are wanted have been read back.',
    body: PlacementApplyIn,
    answers: { 202: { says: 'the policy in force', schema: PlacementView } },
    problems: { 409: ['PLACEMENT_CHANGED'], 422: ['PLACEMENT_INVALID'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/keys', action: ['key_ceremony', 'audits'] },
    who: ['operator', 'compliance', 'auditor'],
    summary: 'Epochs, escrow and what is due; no secret',
    answers: { 200: { says: 'the keys', schema: KeysView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/keys/rotate', who: ['operator'], action: 'key_ceremony' },
    summary: 'Begin a content epoch and bring living envelopes into it',
    more: 'Goes on after the answer; how far it is stands in GET /keys. For the quarantine, whose epochs are days, it destroys the days that nothing living needs.',
    body: RotateIn,
    answers: { 202: { says: 'the epoch has begun', schema: KeysView } },
    problems: { 409: ['ROTATION_RUNNING'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/keys/rotate/finish', action: 'key_ceremony' },
    who: ['operator'],
    summary: 'Destroy the content epochs before the current one, for good',
    answers: { 200: { says: 'they are destroyed', schema: KeysView } },
    problems: { 409: ['ROTATION_RUNNING', 'ROTATION_NOTHING', 'ROTATION_TOO_SOON'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/keys/attestations', action: 'key_ceremony' },
    who: ['operator'],
    summary: 'Say that a share of an earlier escrow set is destroyed',
    more: 'When all have said so, and no site has what they open, no old copy opens any more what was sealed in an epoch that ended.',
    body: AttestIn,
    answers: { 200: { says: 'the keys', schema: KeysView } },
    problems: { 404: ['SHARE_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/access/decide', ...OVERSEERS },
    summary: 'What the policy would say of viewers and records that need not exist',
    more: 'At most 5,000 questions, judged by what judges requests. Opens nothing.',
    body: PolicyQuestions,
    answers: { 200: { says: 'one decision a question', schema: PolicyAnswers } },
  },
  {
    ...{ method: 'get', path: '/api/v1/routes', ...OVERSEERS },
    summary: 'Every route that the router has, with the rule it is under',
    answers: { 200: { says: 'routes', schema: RoutesView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/openapi.json', who: 'anyone' },
    summary: 'This document',
    answers: { 200: { says: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) } },
  },
  {
    ...{ method: 'get', path: '/healthz', who: 'anyone' },
    summary: 'The process answers',
    answers: { 200: { says: 'it does', schema: z.object({ status: z.literal('ok') }) } },
  },
  {
    ...{ method: 'get', path: '/readyz', who: 'anyone' },
    summary: 'Everything that a request needs answers',
    answers: {
      200: { says: 'ready', schema: z.object({ status: z.literal('ready') }) },
      503: {
        says: 'not ready, and what for',
        schema: z.object({ status: z.literal('not ready'), waitingFor: z.string() }),
      },
    },
  },
  {
    ...{ method: 'get', path: '/metrics', who: 'anyone' },
    summary: 'Metrics in Prometheus’ text format',
    answers: { 200: { says: 'metrics', bytes: ['text/plain'] } },
  },
];
