import { ArchiveError } from '../core/errors.ts';
import type { LedgerErrorCode } from './ports.ts';

/** Only an unavailable ledger is worth another try. */
export function ledgerError(
  code: LedgerErrorCode,
  message: string,
  options: { field?: string; cause?: unknown } = {},
): ArchiveError<LedgerErrorCode> {
  return new ArchiveError<LedgerErrorCode>(code, message, {
    ...options,
    retry: code === 'LEDGER_UNAVAILABLE' ? 'later' : 'never',
  });
}
