import { ArchiveError, hasCode } from '../../core/errors.ts';
import type { AuditDeps, runRow } from '../../inspect/audit/index.ts';

/**
 * The archived report of a run, from a site whose bytes have the digest that the ledger names. Rejects with
 * AUDIT_NOT_ENDED, REPORT_MISSING.
 */
export async function readReport(
  { reports }: Pick<AuditDeps, 'reports'>,
  { report_key: key, report_sha256: sha256 }: Awaited<ReturnType<typeof runRow>>,
): Promise<Buffer> {
  if (key !== null && sha256 !== null) {
    return reports.get(key, sha256).catch((cause: unknown) => {
      if (!hasCode(cause, 'OBJECT_MISSING')) throw cause;
      const message = 'no site that answers has the report as the ledger names it';
      throw new ArchiveError('REPORT_MISSING', message, { retry: 'later', cause });
    });
  }
  throw new ArchiveError('AUDIT_NOT_ENDED', 'the audit has not ended', { retry: 'later' });
}
