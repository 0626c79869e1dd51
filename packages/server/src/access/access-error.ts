import { ArchiveError } from '../core/errors.ts';

export type AccessErrorCode =
  | 'NOT_SIGNED_IN'
  | 'SIGN_IN_FAILED'
  | 'TOTP_REQUIRED'
  | 'TOTP_WRONG'
  | 'TOTP_ALREADY_ON'
  | 'ACCOUNT_LOCKED'
  | 'ENGAGEMENT_OVER'
  | 'RATE_LIMITED'
  | 'PASSWORD_WEAK'
  | 'ACCOUNT_EXISTS'
  | 'ACCOUNT_UNKNOWN'
  | 'ACCOUNT_INVALID'
  | 'OWN_ACCOUNT'
  | 'API_KEY_UNKNOWN'
  | 'SESSION_UNKNOWN'
  | 'IDENTITY_UNMAPPED'
  | 'IDENTITY_TAKEN'
  | 'IDENTITY_UNLINKABLE'
  | 'SETUP_TOKEN_INVALID';

/** HTTP statuses of this room's codes, for the server's table. */
export const ACCESS_STATUS: Record<AccessErrorCode, number> = {
  NOT_SIGNED_IN: 401,
  SIGN_IN_FAILED: 401,
  TOTP_REQUIRED: 401,
  TOTP_WRONG: 401,
  TOTP_ALREADY_ON: 409,
  ACCOUNT_LOCKED: 423,
  ENGAGEMENT_OVER: 403,
  RATE_LIMITED: 429,
  PASSWORD_WEAK: 422,
  ACCOUNT_EXISTS: 409,
  ACCOUNT_UNKNOWN: 404,
  ACCOUNT_INVALID: 400,
  OWN_ACCOUNT: 403,
  API_KEY_UNKNOWN: 404,
  SESSION_UNKNOWN: 404,
  IDENTITY_UNMAPPED: 403,
  IDENTITY_TAKEN: 409,
  IDENTITY_UNLINKABLE: 409,
  SETUP_TOKEN_INVALID: 401,
};

export function accessError(code: AccessErrorCode, message: string, field?: string) {
  return new ArchiveError<AccessErrorCode>(code, message, {
    ...(field === undefined ? {} : { field }),
    retry: code === 'RATE_LIMITED' || code === 'ACCOUNT_LOCKED' ? 'later' : 'never',
  });
}
