export { ACCESS_STATUS, type AccessErrorCode } from './access-error.ts';
export {
  type Account,
  accountIdOf,
  createAccount,
  listAccounts,
  type NewAccount,
  namesOf,
  resetTotp,
  setLocked,
  setPassword,
  setRole,
} from './accounts.ts';
export {
  type ApiKey,
  issueApiKey,
  listApiKeys,
  revokeApiKey,
  viewerOfApiKey,
} from './api-keys.ts';
export { type Auth, createAuth } from './auth.ts';
export { type Granting } from './granted.ts';
export { passOf } from './pass-of.ts';
export {
  abilitiesFor,
  type Decision,
  decide,
  type RecordFacts,
  sqlCondition,
  type Viewer,
} from './policy.ts';
export { type Action, GRANTABLE, RECORD_ACTIONS, ROLES, type Role } from './policy-table.ts';
export { authenticate, cookieHeader, signOut, viewerOfSession } from './session.ts';
export { type DemoAccount, issueSetupToken, makeDemoAccounts, redeemSetupToken } from './set-up.ts';
export {
  confirmTotp,
  enrolTotp,
  hasSecondFactor,
  provePassword,
  type SignInDeps,
  signIn,
} from './sign-in.ts';
