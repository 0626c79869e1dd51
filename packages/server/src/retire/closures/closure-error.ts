import { ArchiveError } from '../../core/errors.ts';

export type ClosureErrorCode = 'CLOSURE_UNKNOWN' | 'CLOSURE_CONFLICT' | 'CLOSURE_DAY_INVALID';

export function closureError(code: ClosureErrorCode, message: string, field?: string) {
  return new ArchiveError<ClosureErrorCode>(code, message, field === undefined ? {} : { field });
}
