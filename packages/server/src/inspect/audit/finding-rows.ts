import { createHash } from 'node:crypto';
import type { AuditCheckId } from '@voxkeep/contract';
import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { halfDigest } from '../../core/plain-facts.ts';
import type { Random } from '../../core/random.ts';
import type { Check, Found } from './ports.ts';
import { severityOf } from './run-check.ts';

/** Of more findings of one check so many are listed; all are counted. */
export const MOST_LISTED = 1000;

/** The same for the same thing in every run, so that a finding can be followed through the months. */
export function markOf(check: AuditCheckId, { code, subject, site = '', detail }: Found): string {
  const { type = '' } = detail ?? {};
  const words = [check, code, subject.kind, subject.id, site, type].join('\0');
  return halfDigest(createHash('sha256').update(words).digest('hex'));
}

/**
 * Keeps what a check found. What two people accepted in an earlier run, and until a day that is not over, is
 * accepted here too. Resolves to how many are not, low ones apart.
 */
export async function keepFindings(
  deps: { clock: Clock; random: Random },
  tx: Tx,
  run: { id: string; check: AuditCheckId; is: Check },
  findings: readonly Found[],
): Promise<{ open: number }> {
  const now = deps.clock.now();
  const marked = findings.map((found) => ({ found, mark: markOf(run.check, found) }));
  const accepted = await acceptedBefore(
    tx,
    marked.map(({ mark }) => mark),
    now,
  );
  const before = await tx
    .selectFrom('audit_finding')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('run_id', '=', run.id)
    .executeTakeFirstOrThrow();
  const first = Number(before.n) + 1;
  const rows = marked.slice(0, MOST_LISTED).map(({ found, mark }, at) => {
    const { code, subject, site, detail = {} } = found;
    const earlier = accepted.get(mark);
    return {
      ...{ id: newUuidV7(deps.clock, deps.random), run_id: run.id, number: first + at },
      ...{ check_id: run.check, code, mark },
      ...{ severity: severityOf(run.is, code), subject_kind: subject.kind, subject: subject.id },
      ...{ site: site ?? null, detail: JSON.stringify(detail), state_at: now },
      state: earlier === undefined ? 'open' : 'accepted',
      ...{ asked_by: earlier?.asked_by ?? null, asked_person: earlier?.asked_person ?? null },
      ...{ asked_at: earlier?.asked_at ?? null, accepted_by: earlier?.accepted_by ?? null },
      accepted_until: earlier?.accepted_until ?? null,
      // A reason is bound to the finding that it was given for; who looks it up goes there.
      sealed_reason: null,
    };
  });
  for (let at = 0; at < rows.length; at += 200) {
    await tx
      .insertInto('audit_finding')
      .values(rows.slice(at, at + 200))
      .execute();
  }
  const open = marked.filter(
    ({ found, mark }) => !accepted.has(mark) && severityOf(run.is, found.code) !== 'low',
  );
  return { open: open.length };
}

async function acceptedBefore(tx: Tx, marks: readonly string[], now: Date) {
  if (marks.length === 0) return new Map<string, never>();
  const rows = await tx
    .selectFrom('audit_finding')
    .select(['mark', 'asked_by', 'asked_person', 'asked_at', 'accepted_by', 'accepted_until'])
    .distinctOn('mark')
    .where('mark', 'in', marks.slice(0, MOST_LISTED))
    .where('state', '=', 'accepted')
    .where('accepted_until', '>', now)
    .orderBy('mark')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.mark, row]));
}

/** What an earlier run left open, and a check that ran has not found again, is fixed. */
export async function fixVanished(
  tx: Tx,
  run: { id: string; check: AuditCheckId },
  findings: readonly Found[],
  now: Date,
): Promise<void> {
  const marks = findings.map((found) => markOf(run.check, found));
  await tx
    .updateTable('audit_finding')
    .set({ state: 'fixed', state_at: now })
    .where('check_id', '=', run.check)
    .where('run_id', '<>', run.id)
    .where('state', '=', 'open')
    .where(sql<boolean>`not mark = any(${marks}::text[])`)
    .execute();
}
