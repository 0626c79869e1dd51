import { access } from './access.ts';
import { audits } from './audits.ts';
import { audits as auditCodes } from './codes/audits.ts';
import { calls } from './codes/calls.ts';
import { disposals as disposalCodes } from './codes/disposals.ts';
import { persons } from './codes/persons.ts';
import { storage } from './codes/storage.ts';
import { compliance } from './compliance.ts';
import { disposals } from './disposals.ts';
import { engagements } from './engagements.ts';
import { fields } from './fields.ts';
import { home } from './home.ts';
import { ledger } from './ledger.ts';
import { notices } from './notices.ts';
import { operations } from './operations.ts';
import { record } from './record.ts';
import { recovery } from './recovery.ts';
import { search } from './search.ts';
import { sites } from './sites.ts';
import { subjects } from './subjects.ts';
import { term } from './term.ts';
import { words } from './words.ts';

const work = { ...search, ...record, ...operations, ...access, ...ledger, ...notices };

/** What is read behind the sign-in, besides the words of the entry. */
export const pages = {
  ...{ ...words, ...fields, ...home, ...work, ...sites, ...recovery, ...audits, ...compliance },
  ...{ ...disposals, ...subjects, ...term, ...engagements },
  code: {
    ...{ ...auditCodes.code, ...calls.code, ...disposalCodes.code },
    ...{ ...persons.code, ...storage.code },
  },
  remedy: { ...calls.remedy, ...disposalCodes.remedy, ...storage.remedy },
};
