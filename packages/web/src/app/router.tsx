import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readAskSearch } from '../access/ask-search.ts';
import { readRequestFilter } from '../access/request-filter.ts';
import { sessionQuery } from '../api/queries.ts';
import { readHoldFilter } from '../compliance/hold-filter.ts';
import { readPlaceSearch } from '../compliance/place-search.ts';
import { readRulesSource } from '../compliance/rules-source.ts';
import { bringAllWords } from '../i18n/start-i18n.ts';
import { readLedgerFilter } from '../ledger/ledger-filter.ts';
import { readItemFilter, readRunFilter } from '../retire/run-filter.ts';
import { readSubjectFilter } from '../retire/subject-filter.ts';
import { readFilters } from '../search/filters.ts';
import { SignInPage } from '../session/sign-in-page.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { ProblemPage } from '../shell/problem-panel.tsx';
import { readHistoryRange } from '../sites/history-range.ts';
import { queryClient } from './query-client.ts';
import { readSearch, writeSearch } from './search-string.ts';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; refused?: string } => {
    const { to, refused } = search;
    return {
      // Only a path of our own: never another host.
      ...(typeof to === 'string' && /^\/(?![/\\])/.test(to) ? { to } : {}),
      // A code, of which the page has the words; never words from an address.
      ...(typeof refused === 'string' && /^[A-Z_]{3,40}$/.test(refused) ? { refused } : {}),
    };
  },
  // With what every page has: it is the first one, and brings nothing that those behind it do without.
  component: SignInPage,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search['token'] === 'string' ? { token: search['token'] } : {},
  component: lazyRouteComponent(
    () => withAllWords(import('../session/setup-page.tsx')),
    'SetupPage',
  ),
});

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  // Before anything of a page is loaded: whoever has to sign in first does not wait for its code.
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery).catch(() => undefined);
    if (session !== null) return;
    const to = location.href;
    throw redirect({ to: '/sign-in', search: to === '/' ? {} : { to }, replace: true });
  },
  component: lazyRouteComponent(() => withAllWords(import('../session/signed-in.tsx')), 'SignedIn'),
});

const searchRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('../search/search-page.tsx'), 'SearchPage'),
});

const recordRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/records/$id',
  component: lazyRouteComponent(() => import('../record/record-page.tsx'), 'RecordPage'),
});

const uploadRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/upload',
  component: lazyRouteComponent(() => import('../upload/upload-page.tsx'), 'UploadPage'),
});

const jobsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>): { state?: string } =>
    typeof search['state'] === 'string' ? { state: search['state'] } : {},
  component: lazyRouteComponent(() => import('../jobs/jobs-page.tsx'), 'JobsPage'),
});

const statusRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/status',
  component: lazyRouteComponent(() => import('../jobs/status-page.tsx'), 'StatusPage'),
});

const sitesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/sites',
  validateSearch: readHistoryRange,
  component: lazyRouteComponent(() => import('../sites/sites-page.tsx'), 'SitesPage'),
});

const accountsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../accounts/accounts-page.tsx'), 'AccountsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings-page.tsx'), 'SettingsPage'),
});

const inboxRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/inbox',
  validateSearch: (search: Record<string, unknown>): { id?: string } =>
    typeof search['id'] === 'string' ? { id: search['id'] } : {},
  component: lazyRouteComponent(() => import('../access/inbox-page.tsx'), 'InboxPage'),
});

const requestsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/requests',
  validateSearch: readRequestFilter,
  component: lazyRouteComponent(() => import('../access/requests-page.tsx'), 'RequestsPage'),
});

const requestRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/requests/$id',
  component: lazyRouteComponent(() => import('../access/request-page.tsx'), 'RequestPage'),
});

const mineRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/mine',
  component: lazyRouteComponent(() => import('../access/mine-page.tsx'), 'MinePage'),
});

const askRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/ask',
  validateSearch: readAskSearch,
  component: lazyRouteComponent(() => import('../access/ask-page.tsx'), 'AskPage'),
});

const breakGlassRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/break-glass',
  validateSearch: (search: Record<string, unknown>): { record?: string } => {
    const { record } = readAskSearch(search);
    return record?.[0] === undefined ? {} : { record: record[0] };
  },
  component: lazyRouteComponent(() => import('../access/break-glass-page.tsx'), 'BreakGlassPage'),
});

const mandatesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/mandates',
  component: lazyRouteComponent(() => import('../access/mandates-page.tsx'), 'MandatesPage'),
});

const newMandateRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/mandates/new',
  component: lazyRouteComponent(() => import('../access/mandate-form-page.tsx'), 'MandateFormPage'),
});

const enrolmentsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/access/passkeys',
  component: lazyRouteComponent(() => import('../access/enrolments-page.tsx'), 'EnrolmentsPage'),
});

const ledgerRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/ledger',
  validateSearch: readLedgerFilter,
  component: lazyRouteComponent(() => import('../ledger/ledger-page.tsx'), 'LedgerPage'),
});

const auditsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audits',
  component: lazyRouteComponent(() => import('../audits/audits-page.tsx'), 'AuditsPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/audits/$id',
  component: lazyRouteComponent(() => import('../audits/audit-page.tsx'), 'AuditPage'),
});

/** Around all pages of compliance: the way from one to the others. */
const complianceRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/compliance',
  component: lazyRouteComponent(
    () => import('../compliance/compliance-frame.tsx'),
    'ComplianceFrame',
  ),
});

const overviewRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../compliance/overview-page.tsx'), 'OverviewPage'),
});

const rulesRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/rules',
  component: lazyRouteComponent(() => import('../compliance/rules-page.tsx'), 'RulesPage'),
});

const editRulesRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/rules/edit',
  validateSearch: readRulesSource,
  component: lazyRouteComponent(() => import('../compliance/edit-rules-page.tsx'), 'EditRulesPage'),
});

const holdsRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/holds',
  validateSearch: readHoldFilter,
  component: lazyRouteComponent(() => import('../compliance/holds-page.tsx'), 'HoldsPage'),
});

const placeHoldRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/holds/new',
  validateSearch: readPlaceSearch,
  component: lazyRouteComponent(() => import('../compliance/place-hold-page.tsx'), 'PlaceHoldPage'),
});

const holdRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/holds/$id',
  component: lazyRouteComponent(() => import('../compliance/hold-page.tsx'), 'HoldPage'),
});

/** For custodians, whatever their role. */
const holdNoticeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/hold-notices/$id',
  component: lazyRouteComponent(
    () => import('../compliance/hold-notice-page.tsx'),
    'HoldNoticePage',
  ),
});

const disposalsRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/disposals',
  validateSearch: readRunFilter,
  component: lazyRouteComponent(() => import('../retire/disposals-page.tsx'), 'DisposalsPage'),
});

const disposalRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/disposals/$id',
  validateSearch: readItemFilter,
  component: lazyRouteComponent(() => import('../retire/disposal-page.tsx'), 'DisposalPage'),
});

const subjectsRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/requests',
  validateSearch: readSubjectFilter,
  component: lazyRouteComponent(() => import('../retire/subjects-page.tsx'), 'SubjectsPage'),
});

const subjectRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('../retire/subject-page.tsx'), 'SubjectPage'),
});

const engagementsRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/engagements',
  component: lazyRouteComponent(
    () => import('../engagements/engagements-page.tsx'),
    'EngagementsPage',
  ),
});

const engagementRoute = createRoute({
  getParentRoute: () => complianceRoute,
  path: '/engagements/$id',
  component: lazyRouteComponent(
    () => import('../engagements/engagement-page.tsx'),
    'EngagementPage',
  ),
});

/** A part of the program with all words there: they are asked for at once, not one after the other. */
async function withAllWords<T>(part: Promise<T>): Promise<T> {
  const [come] = await Promise.all([part, bringAllWords()]);
  return come;
}

const pages = [
  ...[searchRoute, recordRoute, uploadRoute, jobsRoute],
  ...[sitesRoute, statusRoute, accountsRoute, settingsRoute],
  ...[inboxRoute, requestsRoute, requestRoute, mineRoute, askRoute],
  ...[breakGlassRoute, mandatesRoute, newMandateRoute, enrolmentsRoute, ledgerRoute],
  ...[auditsRoute, auditRoute],
  complianceRoute.addChildren([
    ...[overviewRoute, rulesRoute, editRulesRoute],
    ...[holdsRoute, placeHoldRoute, holdRoute],
    ...[disposalsRoute, disposalRoute, subjectsRoute, subjectRoute],
    ...[engagementsRoute, engagementRoute],
  ]),
  holdNoticeRoute,
];
const routeTree = rootRoute.addChildren([
  signInRoute,
  setupRoute,
  signedInRoute.addChildren(pages),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: ProblemPage,
  defaultPendingMs: 200,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
