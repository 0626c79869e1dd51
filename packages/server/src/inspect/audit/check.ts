import type { AuditSubjectKind } from '@voxkeep/contract';
import type { Check, Found } from './ports.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** A check whose findings have no other codes than those that it has words for. */
export const check = <Code extends string>(one: Check<Code>): Check<Code> => one;

/** Findings of one code about many things of a kind. */
export const each = <Code extends string>(
  code: Code,
  kind: AuditSubjectKind,
  ids: readonly string[],
): Found<Code>[] => ids.map((id) => ({ code, subject: { kind, id } }));

/** So many days before a moment. */
export const daysBefore = (at: Date, days: number): Date => new Date(at.getTime() - days * DAY_MS);
