import { operations } from './operations.ts';
import { record } from './record.ts';
import { search } from './search.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';
import { words } from './words.ts';

export const catalogue = { ...words, ...shell, ...session, ...search, ...record, ...operations };
