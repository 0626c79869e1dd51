export { type Assertion, challengeOf, type RelyingParty } from './check-signature.ts';
export { openWarrants } from './open-warrants.ts';
export type { Warrants } from './ports.ts';
export type { EnrolledPasskey } from './register.ts';
