import type { TermChange } from '@voxkeep/contract';
import type { TermDays } from './term.ts';

/** What a new term changes for a record; undefined where every day stays. */
export function changeOf(before: TermDays, after: TermDays): TermChange | undefined {
  if (before.openEnded !== after.openEnded) return after.openEnded ? 'opens' : 'closes';
  if (after.keepUntil > before.keepUntil) return 'longer';
  if (after.keepUntil < before.keepUntil) return 'shorter';
  return sooner(before.dueOn, after.dueOn) ?? sooner(before.atMost, after.atMost);
}

function sooner(before: string | undefined, after: string | undefined): TermChange | undefined {
  if (before === after) return undefined;
  if (before === undefined) return 'sooner';
  return after === undefined || after > before ? 'later' : 'sooner';
}
