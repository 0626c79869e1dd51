export { openWarrants } from './open-warrants.ts';
export type { Warrants } from './ports.ts';
export type { EnrolledPasskey } from './register.ts';
