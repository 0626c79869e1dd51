export type { Elsewhere } from './check-against.ts';
export type { SiteFiles } from './site-files.ts';
export type {
  Finding,
  SiteNotice,
  SiteNoticeKind,
  SiteProblem,
  SiteProblemKind,
} from './site-problem.ts';
export { type SiteReport, type VerifySiteOptions, verifySite } from './verify-site.ts';
