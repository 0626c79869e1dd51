import { access } from './access.ts';
import { calls } from './codes/calls.ts';
import { storage } from './codes/storage.ts';
import { fields } from './fields.ts';
import { home } from './home.ts';
import { ledger } from './ledger.ts';
import { notices } from './notices.ts';
import { operations } from './operations.ts';
import { record } from './record.ts';
import { recovery } from './recovery.ts';
import { search } from './search.ts';
import { sites } from './sites.ts';
import { words } from './words.ts';

const work = { ...search, ...record, ...operations, ...access, ...ledger, ...notices };

/** What is read behind the sign-in, besides the words of the entry. */
export const pages = {
  ...{ ...words, ...fields, ...home, ...work, ...sites, ...recovery },
  code: { ...calls.code, ...storage.code },
  remedy: { ...calls.remedy, ...storage.remedy },
};
