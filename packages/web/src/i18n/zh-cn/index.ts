import { entry } from './entry.ts';
import { pages } from './pages.ts';

/**
 * All words of the language. Codes are what the archive's codes mean, and remedies, for calls that
 * stopped, also what to do about them.
 */
export const catalogue = {
  ...entry,
  ...pages,
  code: { ...entry.code, ...pages.code },
  remedy: { ...entry.remedy, ...pages.remedy },
};
