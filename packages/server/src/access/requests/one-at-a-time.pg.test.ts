import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** The module as another process would have it, with turns of its own. */
async function ofAnotherProcess() {
  vi.resetModules();
  return (await import('./one-at-a-time.ts')).oneAtATime;
}

it('runs one at a time, in one process and in two', async () => {
  const [here, there] = [await ofAnotherProcess(), await ofAnotherProcess()];
  let inside = 0;
  const most: number[] = [];
  const work = async () => {
    inside += 1;
    most.push(inside);
    await sleep(20);
    inside -= 1;
  };
  await Promise.all([here, there, here, there].map((inTurn) => inTurn(database.db, work)));
  expect(most).toEqual([1, 1, 1, 1]);
});

it('work that fails fails for its caller, and gives its turn on', async () => {
  const inTurn = await ofAnotherProcess();
  const first = inTurn(database.db, () => Promise.reject(new Error('refused')));
  const second = inTurn(database.db, async () => 'done');
  await expect(first).rejects.toThrow('refused');
  expect(await second).toBe('done');
});
