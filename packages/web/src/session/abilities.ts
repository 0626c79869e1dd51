import type { SessionView } from '@voxkeep/contract';

/** Pages and what one must be able to do, by any one of the pairs, to be offered them. */
export const PAGES = {
  search: [
    ['search', 'record'],
    ['read', 'record'],
  ],
  upload: [
    ['create', 'record'],
    ['intake', 'record'],
    ['upload', 'record'],
  ],
  jobs: [
    ['read', 'job'],
    ['list', 'job'],
  ],
  status: [
    ['read', 'status'],
    ['read', 'system'],
  ],
  accounts: [
    ['read', 'account'],
    ['list', 'account'],
    ['create', 'account'],
  ],
} as const;
export type Page = keyof typeof PAGES;

/** Whether the policy gives this session the action. `manage` covers actions, `all` subjects. */
export function can(session: SessionView, action: string, subject: string): boolean {
  return session.abilities.some(
    (ability) =>
      (ability.action === action || ability.action === 'manage') &&
      (plain(ability.subject) === plain(subject) || ability.subject === 'all'),
  );
}

/** Navigation only: the server decides every request by itself. */
export function mayOpen(session: SessionView, page: Page): boolean {
  return PAGES[page].some(([action, subject]) => can(session, action, subject));
}

/** 'SavedFilters', 'saved-filter' and 'saved_filter' name one subject. */
function plain(subject: string): string {
  return subject.toLowerCase().replace(/[-_]/g, '').replace(/s$/, '');
}
