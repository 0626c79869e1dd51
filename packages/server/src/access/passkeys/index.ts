export { confirmPasskey, lockPasskey, revokePasskey, revokePasskeysOf } from './confirm-passkey.ts';
export type { PasskeyDeps, PasskeyRegister } from './ports.ts';
export { beginRegistration, type Registration, registerPasskey } from './register-passkey.ts';
export { viewPasskeys } from './view-passkeys.ts';
