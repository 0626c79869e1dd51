import type { SessionView } from '@voxkeep/contract';

/** Pages and the policy's actions of which any one opens them. */
const PAGES = {
  search: ['search'],
  upload: ['ingest'],
  jobs: ['jobs'],
  status: ['status'],
  accounts: ['accounts', 'manage_accounts'],
} as const;
export type Page = keyof typeof PAGES;

/** For what is offered only: the server decides every request by itself. */
export function mayOpen(session: SessionView, page: Page): boolean {
  const actions: readonly string[] = PAGES[page];
  return session.abilities.some(({ action }) => action === 'manage' || actions.includes(action));
}
