import { ArchiveError } from '../../core/errors.ts';
import type { EscrowErrorCode } from './ports.ts';

export function escrowError(
  code: EscrowErrorCode,
  message: string,
  options: { field?: string; cause?: unknown } = {},
) {
  return new ArchiveError<EscrowErrorCode>(code, message, options);
}
