import { ArchiveError } from '../core/errors.ts';
import type { KeysErrorCode } from './ports.ts';

export function keysError(code: KeysErrorCode, message: string, cause?: unknown) {
  return new ArchiveError<KeysErrorCode>(code, message, cause === undefined ? {} : { cause });
}

/** What the disk of the key folder says, in the words of this room: KEYS_UNAVAILABLE, for later. */
export async function reachingKeys<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    const message = `the key folder cannot be read or written (${syscall}: ${code})`;
    throw new ArchiveError<KeysErrorCode>('KEYS_UNAVAILABLE', message, { retry: 'later', cause });
  }
}
