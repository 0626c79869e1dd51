import { ArchiveError } from '../core/errors.ts';

export type NoticesErrorCode = 'NOTICE_INVALID';

export function noticeInvalid(field: string, fault: string) {
  return new ArchiveError<NoticesErrorCode>('NOTICE_INVALID', `notice: ${field} ${fault}`, {
    field,
  });
}
