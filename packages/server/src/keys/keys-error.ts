import { ArchiveError } from '../core/errors.ts';
import type { KeysErrorCode } from './ports.ts';

export function keysError(code: KeysErrorCode, message: string, cause?: unknown) {
  return new ArchiveError<KeysErrorCode>(code, message, cause === undefined ? {} : { cause });
}
