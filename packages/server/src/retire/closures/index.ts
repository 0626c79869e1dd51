export { closeAccount } from './close-account.ts';
export type { ClosureErrorCode } from './closure-error.ts';
export type { ClosureDeps, ToldClosure } from './ports.ts';
export { closureOf, listClosures, unwalkedClosures } from './view-closures.ts';
export { walkClosure } from './walk-closure.ts';
