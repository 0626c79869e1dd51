import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { inLanes, runPart, tableOf } from '../../scripts/run-part.ts';

const node = (program: string, ways: { limitMs?: number; prefix?: string } = {}) =>
  runPart(process.execPath, ['-e', program], { cwd: import.meta.dirname, prefix: '', ...ways });

test('a part gives the exit code of its program; one that hangs or cannot be run gives none', async () => {
  expect(await node('process.exit(0)')).toMatchObject({ status: 0 });
  expect(await node('process.exit(3)')).toMatchObject({ status: 3 });
  expect(await node('setInterval(() => {}, 1000)', { limitMs: 300 })).toMatchObject({
    status: null,
  });
  const missing = runPart('/no/such/program', [], { cwd: import.meta.dirname, prefix: '' });
  expect((await missing).status).not.toBe(0);
});

test('each line of a part that has others beside it says whose it is', async () => {
  const said: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line));
  await node('console.log("one\\ntwo"); console.error("three")', { prefix: 'a | ' });
  log.mockRestore();
  expect(said.toSorted()).toEqual(['a | one', 'a | three', 'a | two']);
});

test('no more go at once than there are lanes, all are done, and in their order they begin', async () => {
  const begun: number[] = [];
  let [now, most] = [0, 0];
  const work = (n: number) => async () => {
    begun.push(n);
    now += 1;
    most = Math.max(most, now);
    await wait(n % 2 === 0 ? 30 : 5);
    now -= 1;
  };
  await inLanes(2, [1, 2, 3, 4, 5, 6].map(work));
  expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
});

test('the table has a line a part, what failed is named, and the whole comes last', () => {
  const parts = [
    { name: 'tests', seconds: 600.04, ok: true },
    { name: 'a.test.ts', seconds: 12, ok: false, within: true },
  ];
  expect(tableOf(parts, 700)).toEqual([
    'part                   seconds',
    'tests                    600.0',
    '  a.test.ts (failed)      12.0',
    'from beginning to end    700.0',
  ]);
});
