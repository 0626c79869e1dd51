export { ACCESS_STATUS, type AccessErrorCode } from './access-error.ts';
export {
  type Account,
  accountAt,
  accountIdOf,
  createAccount,
  isOfTheHouse,
  listAccounts,
  type NewAccount,
  namesOf,
  setLocked,
  setPassword,
  setPerson,
  setRole,
} from './accounts.ts';
export { act } from './act.ts';
export {
  type ApiKey,
  issueApiKey,
  listApiKeys,
  revokeApiKey,
  viewerOfApiKey,
} from './api-keys.ts';
export {
  API_SCOPES,
  type ApiScope,
  actionsOfScopes,
  scopeDecision,
  scopeRefusal,
} from './api-scopes.ts';
export { clientWords } from './client-words.ts';
export { commitChange } from './commit-change.ts';
export {
  deactivate,
  findPersonnel,
  type PersonnelAccount,
  personnelById,
} from './deactivate.ts';
export { type Granting } from './granted.ts';
export { endSession, lastSeen, listSessions, type OpenSession } from './list-sessions.ts';
export { passOf } from './pass-of.ts';
export {
  abilitiesFor,
  type Decision,
  decide,
  type RecordFacts,
  sqlCondition,
  type Viewer,
} from './policy.ts';
export {
  type Action,
  GRANTABLE,
  RECORD_ACTIONS,
  ROLES,
  type Role,
  shownAs,
} from './policy-table.ts';
export { keepVersions, sealOldRows } from './seal-old-rows.ts';
export {
  createSeals,
  type SealedTable,
  type Seals,
  type VersionMemory,
} from './seals.ts';
export {
  continueSession,
  enrolTotp,
  hasSecondFactor,
  proveTotp,
  resetTotp,
  setTotp,
} from './second-factor.ts';
export { authenticate, viewerOfSession } from './session.ts';
export { cookieHeader, type SessionDeps, type SessionLimits, signOut } from './sessions.ts';
export { type DemoAccount, issueSetupToken, makeDemoAccounts, redeemSetupToken } from './set-up.ts';
export { provePassword, signIn } from './sign-in.ts';
export type { ChangeDeps, StaffDeps } from './staff-row.ts';
export { shutAccounts, type TimeBox } from './time-box.ts';
