import { ArchiveError } from '../../core/errors.ts';

export type VconErrorCode =
  | 'VCON_UNREADABLE'
  | 'VCON_INVALID'
  | 'VCON_TOO_LARGE'
  | 'VCON_NO_MEDIA'
  | 'VCON_EXTERNAL_MEDIA'
  | 'VCON_SIGNED_UNSUPPORTED';

/** A refusal of a vCon; `field` is a path inside it. Never repeats a value of it. */
export function vconError(
  code: VconErrorCode,
  message: string,
  field?: string,
): ArchiveError<VconErrorCode> {
  return new ArchiveError(
    code,
    field === undefined ? message : `${field}: ${message}`,
    field === undefined ? {} : { field },
  );
}
