import { ArchiveError } from '../../core/errors.ts';
import type { AuditErrorCode } from './ports.ts';

export const auditError = (
  code: AuditErrorCode,
  message: string,
  options: { retry?: 'never' | 'later'; field?: string } = {},
) => new ArchiveError<AuditErrorCode>(code, message, options);
