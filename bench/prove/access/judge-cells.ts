import type { PolicyAnswers, PolicyQuestions } from '@voxkeep/contract';
import { ASK } from '../../../test/oracle/access-table.ts';
import { type Cell, judge } from '../../../test/oracle/judge-access.ts';
import { cellsAtRandom, cellsByAge, cellsByGrant, cellsByMandate, cellsByRole } from './cells.ts';
import type { Client } from './client.ts';
import type { Seeded } from './random.ts';

const CELLS_A_REQUEST = 5000;
const REQUESTS_AT_ONCE = 3;
/** Where a part is taken, more of where a slip in a line of the policy shows. */
const PRODUCTS = [
  ...([[cellsByRole, 1] as const, [cellsByAge, 8] as const] as const),
  ...([[cellsByGrant, 1] as const, [cellsByMandate, 2] as const] as const),
] as const;

/**
 * Asks the archive's own decision of every cell, and compares it with the oracle's: allowed or not,
 * and of a refusal that its reason is true and whom it names. `part` of all products is taken.
 */
export async function judgeCells(
  client: Client,
  options: { random: Seeded; part: number; atRandom: number; timeZone: string },
  problems: string[],
): Promise<number> {
  const { random, part, atRandom, timeZone } = options;
  let cells = 0;
  const judgeSome = async (some: Cell[]) => {
    cells += some.length;
    const answer = await client.post('/access/decide', questionsOf(some));
    if (answer.status !== 200) {
      problems.push(`/access/decide: ${answer.status} ${answer.bytes.toString().slice(0, 300)}`);
      return;
    }
    const { decisions } = answer.body as PolicyAnswers;
    if (decisions.length !== some.length) problems.push('/access/decide: not one answer a cell');
    for (const [at, cell] of some.entries()) {
      const wrong = compare(cell, decisions[at]);
      if (wrong !== undefined) problems.push(wrong);
    }
  };
  const underWay = new Set<Promise<void>>();
  let batch: Cell[] = [];
  const send = async () => {
    const sent = judgeSome(batch);
    batch = [];
    underWay.add(sent);
    sent.finally(() => underWay.delete(sent)).catch(() => undefined);
    if (underWay.size >= REQUESTS_AT_ONCE) await Promise.race(underWay);
  };
  for (const cell of everyCell(timeZone, random, part, atRandom)) {
    batch.push(cell);
    if (batch.length === CELLS_A_REQUEST) await send();
  }
  if (batch.length > 0) await send();
  await Promise.all(underWay);
  return cells;
}

function* everyCell(timeZone: string, random: Seeded, part: number, atRandom: number) {
  for (const [product, weight] of PRODUCTS) {
    for (const cell of product(timeZone)) if (random.unit() < part * weight) yield cell;
  }
  yield* cellsAtRandom(random, atRandom, timeZone);
}

function questionsOf(cells: Cell[]): unknown {
  return {
    cells: cells.map(({ viewer, action, call, grants, mandates, now }) => ({
      ...{ viewer, action, grants, mandates, now },
      ...(call === undefined ? {} : { record: call }),
    })),
  } satisfies Record<keyof PolicyQuestions, unknown>;
}

/** What is wrong with the archive's answer; undefined when nothing is. */
function compare(cell: Cell, given: PolicyAnswers['decisions'][number] | undefined) {
  const expected = judge(cell);
  const what = () => `cell ${JSON.stringify({ ...cell, timeZone: undefined })}`;
  if (given === undefined) return `${what()}: no answer`;
  if (given.allowed !== expected.allowed) {
    const [got, due] = [given, expected].map(({ allowed }) => (allowed ? 'allowed' : 'refused'));
    return `${what()}: ${got} by ${given.rule}, is to be ${due}`;
  }
  if (given.allowed) return undefined;
  if (!expected.rules.has(given.rule)) {
    return `${what()}: refused by ${given.rule}, true are ${[...expected.rules].join(', ')}`;
  }
  const ask = ASK[given.rule.split('.')[1] ?? ''] ?? [];
  const asked = ask.some((role) => role === given.askWhom);
  if (asked && (given.reason ?? '').length > 3) return undefined;
  return `${what()}: ${given.rule} says "${given.reason}" and to ask ${given.askWhom}`;
}
