import { calls } from './calls.ts';
import { people } from './people.ts';
import { program } from './program.ts';
import { storage } from './storage.ts';

export const codes = {
  code: { ...people.code, ...calls.code, ...storage.code, ...program.code },
  remedy: { ...calls.remedy, ...storage.remedy, ...program.remedy },
};
