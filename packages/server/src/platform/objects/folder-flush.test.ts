import { expect, test } from 'vitest';
import { SharedFlush } from './folder-flush.ts';

function scene() {
  const begun: { folder: string; end(error?: Error): void }[] = [];
  const flush = new SharedFlush(
    (folder) =>
      new Promise<void>((resolve, reject) => {
        begun.push({ folder, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  );
  return { begun, flush };
}
const settled = () => new Promise((done) => setImmediate(done));

test('whoever asks while a flush is under way waits for one that begins afterwards, together', async () => {
  const { begun, flush } = scene();
  const done: string[] = [];
  const ask = (name: string) => flush.flush('/a').then(() => done.push(name));
  const first = ask('first');
  await settled();
  const later = [ask('second'), ask('third')];
  await settled();
  expect(begun.length).toBe(1);
  begun[0]?.end();
  await first;
  await settled();
  expect(done).toEqual(['first']);
  expect(begun.length).toBe(2);
  begun[1]?.end();
  await Promise.all(later);
  expect(done).toEqual(['first', 'second', 'third']);
});

test('folders do not wait for each other', async () => {
  const { begun, flush } = scene();
  const both = [flush.flush('/a'), flush.flush('/b')];
  await settled();
  expect(begun.map(({ folder }) => folder)).toEqual(['/a', '/b']);
  for (const one of begun) one.end();
  await Promise.all(both);
});

test('a failed flush fails those who share it and nobody after them', async () => {
  const { begun, flush } = scene();
  const failing = [flush.flush('/a'), flush.flush('/a')];
  const outcome = Promise.allSettled(failing);
  await settled();
  const next = flush.flush('/a');
  begun[0]?.end(new Error('disk'));
  expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await settled();
  begun[1]?.end();
  await next;
});
