import { ArchiveError } from '../../core/errors.ts';

/**
 * DROP_CHANGED: a file is not what it was when it was looked at. DROP_NOT_A_FILE: a link, device or
 * pipe, or a file that lies outside the drop folder. DROP_STOPPED: the archive is closing.
 * DROP_FOLDER_TAKEN: something that is no folder stands where receipts go.
 */
export type DropErrorCode =
  | 'DROP_CHANGED'
  | 'DROP_NOT_A_FILE'
  | 'DROP_STOPPED'
  | 'DROP_FOLDER_TAKEN';

/** Never names a file: a name can hold a phone number. All are worth another try. */
export const dropError = (code: DropErrorCode, message: string, cause?: unknown) =>
  new ArchiveError<DropErrorCode>(code, message, { retry: 'later', cause });
