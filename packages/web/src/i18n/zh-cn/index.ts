import { access } from './access.ts';
import { codes } from './codes/index.ts';
import { fields } from './fields.ts';
import { home } from './home.ts';
import { ledger } from './ledger.ts';
import { notices } from './notices.ts';
import { operations } from './operations.ts';
import { record } from './record.ts';
import { recovery } from './recovery.ts';
import { search } from './search.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';
import { sites } from './sites.ts';
import { words } from './words.ts';

const work = { ...search, ...record, ...operations, ...access, ...ledger, ...notices };
const pages = { ...shell, ...session, ...home, ...work, ...sites, ...recovery };
export const catalogue = { ...words, ...codes, ...fields, ...pages };
