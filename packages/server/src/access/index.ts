export type { AccessErrorCode } from './access-error.ts';
export {
  type Account,
  createAccount,
  listAccounts,
  type NewAccount,
  setLocked,
  setRole,
} from './accounts.ts';
export { issueApiKey, listApiKeys, revokeApiKey, viewerOfApiKey } from './api-keys.ts';
export { type Auth, createAuth } from './auth.ts';
export {
  abilitiesFor,
  type Decision,
  decide,
  type RecordFacts,
  sqlCondition,
  type Viewer,
} from './policy.ts';
export { type Action, ROLES, type Role } from './policy-table.ts';
export { issueSetupToken, makeDemoAccounts, redeemSetupToken } from './set-up.ts';
export { type SignInDeps, signIn, signOut, viewerOfSession } from './sign-in.ts';
