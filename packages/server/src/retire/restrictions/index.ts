export { countPerson, findPerson, isOfPerson } from './find-person.ts';
export type { CallKey, PersonDeps, RestrictDeps } from './ports.ts';
export { type Cause, lift, restrict } from './restrict.ts';
export { restrictedBy } from './restricted-by.ts';
export {
  type LateCall,
  type Person,
  type Reach,
  restrictLate,
  tellClosed,
  watchAlone,
  watchKeyOf,
  watchPerson,
} from './watch-person.ts';
