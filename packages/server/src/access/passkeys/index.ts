export { confirmPasskey, lockPasskey, revokePasskey, revokePasskeysOf } from './confirm-passkey.ts';
export type { PasskeyDeps } from './ports.ts';
export { beginRegistration, registerPasskey } from './register-passkey.ts';
export { signingOptions } from './signing-options.ts';
export { viewPasskeys } from './view-passkeys.ts';
