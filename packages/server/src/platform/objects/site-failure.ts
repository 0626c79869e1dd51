import { ArchiveError } from '../../core/errors.ts';
import type { PlaceErrorCode } from '../../place/ports.ts';

export const failure = (code: PlaceErrorCode, message: string, cause?: unknown) =>
  new ArchiveError<PlaceErrorCode>(code, message, {
    cause,
    retry: code === 'OBJECT_MISSING' ? 'never' : 'later',
  });

export const errno = (error: unknown): string | undefined => (error as NodeJS.ErrnoException)?.code;
