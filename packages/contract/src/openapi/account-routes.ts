import {
  AccountsView,
  ApiKeysView,
  ConfirmTotpIn,
  EnrolTotpIn,
  EnrolTotpOut,
  IdentityIn,
  OwnPasswordIn,
  PasswordIn,
  PersonIn,
  ProvidersView,
  RoleIn,
  SessionsView,
  SetupDone,
  SetupIn,
} from '../accounts.ts';
import {
  AccountIn,
  AccountView,
  ApiKeyIn,
  ApiKeyIssued,
  SessionView,
  SignIn,
} from '../operations.ts';
import type { Route } from './route.ts';

const ADMIN = { who: ['admin'], action: 'accounts' } as const;
const KEYS = { who: ['admin'], action: 'api_keys' } as const;
const ON_ANOTHER = { 403: ['OWN_ACCOUNT'], 404: ['ACCOUNT_UNKNOWN'] };

/** Sessions, accounts and keys of services. */
export const accountRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: '/api/v1/session', who: 'anyone' },
    summary: 'Sign in',
    more: 'At most 60 requests a minute and address.',
    body: SignIn,
    answers: {
      200: { says: 'signed in', schema: SessionView, headers: { 'set-cookie': 'the session' } },
    },
    problems: {
      401: ['SIGN_IN_FAILED', 'TOTP_REQUIRED', 'TOTP_WRONG'],
      403: ['IDENTITY_UNMAPPED', 'ENGAGEMENT_OVER'],
      423: ['ACCOUNT_LOCKED'],
      503: ['LEDGER_UNAVAILABLE', 'PROVIDER_UNREACHABLE'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/session', who: 'signed-in' },
    summary: 'Who one is, and what one may do',
    answers: { 200: { says: 'the session', schema: SessionView } },
  },
  {
    ...{ method: 'delete', path: '/api/v1/session', who: 'person' },
    summary: 'Sign out',
    answers: { 204: { says: 'signed out' } },
    problems: { 503: ['LEDGER_UNAVAILABLE'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/session/totp', who: 'person' },
    summary: 'Begin to set up a second factor',
    body: EnrolTotpIn,
    answers: { 200: { says: 'for the person’s app', schema: EnrolTotpOut } },
    problems: { 401: ['SIGN_IN_FAILED'], 409: ['TOTP_ALREADY_ON'], 423: ['ACCOUNT_LOCKED'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/session/totp/confirm', who: 'person' },
    summary: 'Confirm the second factor with a code',
    body: ConfirmTotpIn,
    answers: { 204: { says: 'it counts from now on' } },
    problems: { 401: ['TOTP_WRONG'], 423: ['ACCOUNT_LOCKED'], 503: ['LEDGER_UNAVAILABLE'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/session/password', who: 'person' },
    summary: 'Change one’s own password; ends every session of the account',
    body: OwnPasswordIn,
    answers: { 204: { says: 'changed' } },
    problems: {
      401: ['SIGN_IN_FAILED'],
      422: ['PASSWORD_WEAK'],
      423: ['ACCOUNT_LOCKED'],
      503: ['LEDGER_UNAVAILABLE'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/session/providers', who: 'anyone' },
    summary: 'How else one may sign in',
    answers: { 200: { says: 'providers', schema: ProvidersView } },
  },
  {
    ...{ method: 'get', path: '/auth/:provider/start', who: 'anyone' },
    summary: 'Sign in on the provider’s own pages; for browsers',
    answers: { 303: { says: 'to the provider, or back to the sign-in page' } },
    problems: { 404: ['NOT_FOUND'] },
  },
  {
    ...{ method: 'get', path: '/auth/:provider/callback', who: 'anyone' },
    summary: 'Where the provider sends the browser back to',
    answers: {
      200: { says: 'signed in; the page goes on to the archive', bytes: ['text/html'] },
      303: { says: 'back to the sign-in page, with the code of the refusal' },
    },
    problems: { 404: ['NOT_FOUND'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/session/list', who: 'person' },
    summary: 'One’s own open sessions',
    answers: { 200: { says: 'sessions', schema: SessionsView } },
  },
  {
    ...{ method: 'delete', path: '/api/v1/session/list/:id', who: 'person' },
    summary: 'End one of one’s own sessions',
    answers: { 204: { says: 'ended' } },
    problems: { 404: ['SESSION_UNKNOWN'], 503: ['LEDGER_UNAVAILABLE'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/setup', who: 'anyone' },
    summary: 'Make the first administrator, with the token that the archive printed',
    body: SetupIn,
    answers: { 201: { says: 'made', schema: SetupDone } },
    problems: {
      401: ['SETUP_TOKEN_INVALID'],
      409: ['ACCOUNT_EXISTS'],
      422: ['PASSWORD_WEAK'],
      503: ['LEDGER_UNAVAILABLE'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/accounts', ...ADMIN },
    summary: 'All accounts',
    answers: { 200: { says: 'accounts', schema: AccountsView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts', ...ADMIN },
    summary: 'Make an account',
    body: AccountIn,
    answers: { 201: { says: 'made', schema: AccountView } },
    problems: {
      400: ['ACCOUNT_INVALID'],
      404: ['ENGAGEMENT_UNKNOWN'],
      409: ['ACCOUNT_EXISTS', 'ENGAGEMENT_STATE'],
      422: ['PASSWORD_WEAK'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/lock', ...ADMIN },
    summary: 'Lock an account and end its sessions',
    answers: { 204: { says: 'locked' } },
    problems: ON_ANOTHER,
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/unlock', ...ADMIN },
    summary: 'Unlock an account',
    answers: { 204: { says: 'unlocked' } },
    problems: ON_ANOTHER,
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/role', ...ADMIN },
    summary: 'Give another role; ends the account’s sessions',
    body: RoleIn,
    answers: { 204: { says: 'changed' } },
    problems: { ...ON_ANOTHER, 400: ['ACCOUNT_INVALID'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/password', ...ADMIN },
    summary: 'Set another person’s password; ends the account’s sessions',
    body: PasswordIn,
    answers: { 204: { says: 'changed' } },
    problems: { ...ON_ANOTHER, 400: ['ACCOUNT_INVALID'], 422: ['PASSWORD_WEAK'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/person', ...ADMIN },
    summary: 'Say whose account it is, by the person’s number; ends the account’s sessions',
    body: PersonIn,
    answers: { 204: { says: 'changed' } },
    problems: { 404: ['ACCOUNT_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/identity', ...ADMIN },
    summary: 'Say whom a provider knows this account’s person as; ends the account’s sessions',
    body: IdentityIn,
    answers: { 204: { says: 'linked' } },
    problems: {
      400: ['ACCOUNT_INVALID'],
      403: ['OWN_ACCOUNT'],
      404: ['ACCOUNT_UNKNOWN'],
      409: ['ACCOUNT_EXISTS'],
    },
  },
  {
    ...{ method: 'delete', path: '/api/v1/accounts/:id/totp', ...ADMIN },
    summary: 'Take a lost second factor away; ends the account’s sessions',
    answers: { 204: { says: 'gone' } },
    problems: ON_ANOTHER,
  },
  {
    ...{ method: 'get', path: '/api/v1/accounts/:id/sessions', ...ADMIN },
    summary: 'The open sessions of an account',
    answers: { 200: { says: 'sessions', schema: SessionsView } },
    problems: { 404: ['ACCOUNT_UNKNOWN'] },
  },
  {
    ...{ method: 'delete', path: '/api/v1/accounts/:id/sessions/:session', ...ADMIN },
    summary: 'End a session of an account',
    answers: { 204: { says: 'ended' } },
    problems: { 404: ['ACCOUNT_UNKNOWN', 'SESSION_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/api-keys', ...KEYS },
    summary: 'Every key that was ever issued, never the keys themselves',
    answers: { 200: { says: 'keys', schema: ApiKeysView } },
  },
  {
    ...{ method: 'post', path: '/api/v1/api-keys', ...KEYS },
    summary: 'Issue a key for a service',
    body: ApiKeyIn,
    answers: { 201: { says: 'the key, this once', schema: ApiKeyIssued } },
  },
  {
    ...{ method: 'post', path: '/api/v1/accounts/:id/api-keys', ...KEYS },
    summary: 'Issue a key that ends with its service account',
    body: ApiKeyIn,
    answers: { 201: { says: 'the key, this once', schema: ApiKeyIssued } },
    problems: { 400: ['ACCOUNT_INVALID'], 404: ['ACCOUNT_UNKNOWN'] },
  },
  {
    ...{ method: 'delete', path: '/api/v1/api-keys/:id', ...KEYS },
    summary: 'Revoke a key, for good',
    answers: { 204: { says: 'revoked' } },
    problems: { 404: ['API_KEY_UNKNOWN'] },
  },
];
