import { calls } from './calls.ts';
import { people } from './people.ts';
import { program } from './program.ts';
import { storage } from './storage.ts';

/** What the archive's codes mean, and for calls that stopped also what to do about them. */
export const codes = {
  code: { ...people.code, ...calls.code, ...storage.code, ...program.code },
  remedy: { ...calls.remedy, ...storage.remedy, ...program.remedy },
};
