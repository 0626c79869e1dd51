import { ArchiveError } from '../core/errors.ts';

export type AccessErrorCode =
  | 'SIGN_IN_FAILED'
  | 'TOTP_REQUIRED'
  | 'TOTP_WRONG'
  | 'ACCOUNT_LOCKED'
  | 'ACCOUNT_EXISTS'
  | 'ACCOUNT_UNKNOWN'
  | 'ACCOUNT_INVALID'
  | 'API_KEY_UNKNOWN'
  | 'SETUP_TOKEN_INVALID';

export function accessError(code: AccessErrorCode, message: string, field?: string) {
  return new ArchiveError<AccessErrorCode>(code, message, field === undefined ? {} : { field });
}
