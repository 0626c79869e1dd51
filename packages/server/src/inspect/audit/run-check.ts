import type { AuditCheckId, AuditSeverity } from '@voxkeep/contract';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { auditError } from './audit-error.ts';
import type { AuditSources, Check, Found } from './ports.ts';
import { dayText } from './record-rows.ts';

/** How a check ended. */
export interface CheckEnd {
  outcome: 'passed' | 'noted' | 'failed' | 'not-run';
  code?: string;
  looked: number;
  findings: Found[];
  tookMs: number;
}

/** What a run is judged by. */
export interface Moment {
  asOf: Date;
  seed: string;
  only?: RecordId;
}

/**
 * Runs one check within its time. Never rejects for what it finds or fails at: what threw, or took too long,
 * did not run. Rejects when `signal` says that the archive closes.
 */
export async function runCheck(
  sources: AuditSources,
  { id, check }: { id: AuditCheckId; check: Check },
  moment: Moment,
  closing: AbortSignal,
): Promise<CheckEnd> {
  const began = performance.now();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), sources.limits.checkMinutes * 60_000);
  const signal = AbortSignal.any([closing, late.signal]);
  const today = dayText(sources.timeZone, moment.asOf);
  const took = () => Math.round(performance.now() - began);
  try {
    const work = check.run({ ...sources, ...moment, today, signal });
    const { looked, findings } = await Promise.race([work, aborted(signal, id)]);
    return { outcome: outcomeOf(check, findings), looked, findings, tookMs: took() };
  } catch (error) {
    closing.throwIfAborted();
    const isLate = late.signal.aborted;
    const code = isLate
      ? 'AUDIT_TIMED_OUT'
      : error instanceof ArchiveError
        ? error.code
        : 'INTERNAL';
    return { outcome: 'not-run', code, looked: 0, findings: [], tookMs: took() };
  } finally {
    clearTimeout(timer);
    late.abort();
  }
}

function aborted(signal: AbortSignal, id: string): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(auditError('AUDIT_TIMED_OUT', `check ${id}`));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}

export const severityOf = (check: Check, code: string): AuditSeverity =>
  check.codes[code]?.severity ?? 'high';

function outcomeOf(check: Check, findings: readonly Found[]): CheckEnd['outcome'] {
  if (findings.length === 0) return 'passed';
  return findings.every(({ code }) => severityOf(check, code) === 'low') ? 'noted' : 'failed';
}
