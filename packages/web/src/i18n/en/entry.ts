import { people } from './codes/people.ts';
import { program } from './codes/program.ts';
import { session } from './session.ts';
import { shell } from './shell.ts';

/** What somebody reads who has not signed in yet, and who cannot. */
export const entry = {
  ...shell,
  ...session,
  code: { ...people.code, ...program.code },
  remedy: program.remedy,
};
