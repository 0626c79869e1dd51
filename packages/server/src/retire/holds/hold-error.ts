import { ArchiveError } from '../../core/errors.ts';

export type HoldErrorCode =
  | 'HOLD_UNKNOWN'
  | 'HOLD_RELEASED'
  | 'HOLD_SAME_PERSON'
  | 'HOLD_CUSTODIAN_UNKNOWN'
  | 'RECORD_NOT_HELD'
  | 'HOLD_BUSY';

export function holdError(
  code: HoldErrorCode,
  message: string,
  more: { field?: string; retry?: 'later' } = {},
) {
  return new ArchiveError<HoldErrorCode>(code, message, more);
}
