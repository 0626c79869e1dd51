import { ArchiveError } from '../../core/errors.ts';

/** Of access requests, passkeys and break-glass; see docs/access.md. */
export type RequestErrorCode =
  | 'REQUEST_UNKNOWN'
  | 'REQUEST_NOT_PENDING'
  | 'REQUEST_EXPIRED'
  | 'REQUEST_TOO_LARGE'
  | 'REQUEST_EMPTY'
  | 'FIELD_NOT_GRANTABLE'
  | 'PERSON_UNKNOWN'
  | 'OWN_REQUEST'
  | 'SAME_PERSON'
  | 'HANDLED_RECORD'
  | 'ALREADY_DECIDED'
  | 'PASSKEY_UNKNOWN'
  | 'PASSKEY_STALE'
  | 'PASSKEY_INVALID'
  | 'ENROLMENT_NOT_AWAITING'
  | 'ENROLMENT_OWN'
  | 'BREAK_GLASS_TO_REVIEW'
  | 'NOT_GRANTEE'
  | 'MANDATE_HOLDER_INVALID'
  | 'MANDATE_SCOPE_INVALID'
  | 'SIGNERS_WRONG'
  | 'TOO_MANY_PENDING';

/** HTTP statuses of these codes, and of the key room's that come through here. */
export const REQUEST_STATUS: Record<RequestErrorCode, number> & Record<string, number> = {
  REQUEST_UNKNOWN: 404,
  REQUEST_NOT_PENDING: 409,
  REQUEST_EXPIRED: 409,
  REQUEST_TOO_LARGE: 422,
  REQUEST_EMPTY: 422,
  FIELD_NOT_GRANTABLE: 422,
  PERSON_UNKNOWN: 409,
  OWN_REQUEST: 403,
  SAME_PERSON: 403,
  HANDLED_RECORD: 403,
  ALREADY_DECIDED: 409,
  PASSKEY_UNKNOWN: 404,
  PASSKEY_STALE: 409,
  PASSKEY_INVALID: 400,
  ENROLMENT_NOT_AWAITING: 409,
  ENROLMENT_OWN: 403,
  BREAK_GLASS_TO_REVIEW: 409,
  NOT_GRANTEE: 403,
  MANDATE_HOLDER_INVALID: 422,
  MANDATE_SCOPE_INVALID: 422,
  TOO_MANY_PENDING: 409,
  SIGNATURE_INVALID: 403,
  PASSKEY_NOT_ENROLLED: 403,
  PASSKEY_TAKEN: 409,
  SIGNERS_WRONG: 403,
  WARRANT_OVER: 409,
  WARRANT_DAMAGED: 409,
  KEY_WITHHELD: 403,
};

export function requestError(code: RequestErrorCode, message: string, field?: string) {
  return new ArchiveError<RequestErrorCode>(code, message, field === undefined ? {} : { field });
}
