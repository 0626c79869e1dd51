import type { RecordRetention } from '@voxkeep/contract';
import type { NaiveModel } from '../../../test/retention/naive-model.ts';
import type { Person } from '../access/people.ts';
import type { Seeded } from '../access/random.ts';
import { ask } from './ask.ts';

const TRIES = 10;

/**
 * What the archive tells an officer of one record that is still there, chosen at random: the same term, rule,
 * holds and restrictions as the model's. Resolves to whether one was found.
 */
export async function judgeSample(
  officer: Person,
  model: NaiveModel,
  random: Seeded,
  day: string,
  problems: string[],
): Promise<boolean> {
  const ids = model.ids();
  const id = Array.from({ length: TRIES }, () => random.pick(ids)).find(
    (one) => !model.line(one).startsWith('disposed'),
  );
  if (id === undefined) return false;
  const told = await ask<RecordRetention>(officer, 'GET', `/records/${id}/retention`);
  const line = [
    ...[told.restricted.length > 0 ? 'restricted' : 'archived', told.keepUntil],
    ...[told.openEnded ? 'open' : 'closed', told.atMost ?? '', told.dueOn ?? '', told.rule],
    ...[told.holds, told.restricted.toSorted().join('+')],
  ].join('|');
  // It tells what restricts a record, and not how many times.
  const counted = model.line(id).lastIndexOf('|');
  const says = `${model.line(id).slice(0, counted)}|${model.restrictedBy(id).join('+')}`;
  if (line !== says) problems.push(`${day}: record ${id} is told to be ${line}, should be ${says}`);
  return true;
}
