export type { Assertion } from '../core/assertion.ts';

/** Whose pages may ask for signatures: the id and the origins of WebAuthn. */
export interface RelyingParty {
  ids: readonly string[];
  origins: readonly string[];
}
