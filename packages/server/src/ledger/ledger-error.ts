import { ArchiveError, hasCode } from '../core/errors.ts';
import type { LedgerErrorCode } from './ports.ts';

const PASSING: readonly LedgerErrorCode[] = ['LEDGER_UNAVAILABLE', 'LEDGER_RESTORING'];

/** Only what passes is worth another try. */
export function ledgerError(
  code: LedgerErrorCode,
  message: string,
  options: { field?: string; cause?: unknown } = {},
): ArchiveError<LedgerErrorCode> {
  return new ArchiveError<LedgerErrorCode>(code, message, {
    ...options,
    retry: PASSING.includes(code) ? 'later' : 'never',
  });
}

/** What those are told who wait while the ledger cannot be written: a fork stays one. */
export function unavailable(cause: unknown): ArchiveError {
  if (hasCode(cause, 'LEDGER_FORKED')) return cause;
  return ledgerError('LEDGER_UNAVAILABLE', 'the ledger cannot be written now', { cause });
}
