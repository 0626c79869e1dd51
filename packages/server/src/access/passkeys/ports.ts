import type { Assertion, RelyingParty } from '../../record/assertion.ts';
import type { RequestDeps } from '../requests/ports.ts';

/** Where enrolled passkeys are kept: the key room. */
export interface PasskeyRegister {
  passkeys(): Promise<
    readonly { id: string; account: string; person: string; credentialId: string }[]
  >;
  isFounding(): Promise<boolean>;
  enrol(
    canonical: string,
    confirmed: { assertions: Assertion[] } | { people: string[] },
    now: Date,
  ): Promise<void>;
  revokePasskeys(ids: readonly string[]): Promise<void>;
  signerOf(canonical: string, assertion: Assertion): Promise<{ account: string; person: string }>;
}

export type PasskeyDeps = Pick<
  RequestDeps,
  'db' | 'clock' | 'random' | 'audit' | 'notices' | 'archiveId'
> & {
  warrants: PasskeyRegister;
  relyingParty(): RelyingParty;
  archiveName: string;
};
