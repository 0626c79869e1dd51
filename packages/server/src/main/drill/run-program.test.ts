import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import type { DrillOrder, DrillProgress } from './drill-order.ts';
import { runDrillProgram } from './run-program.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-drill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = async (more: Partial<DrillOrder>, signal = new AbortController().signal) => {
  const order: DrillOrder = {
    ...{ config: loadConfig({}, { workFolder: folder }), keyFolder: join(folder, 'keys') },
    ...{ archiveId: 'archive', site: 'hq', kind: 'sample', scratch: join(folder, 'scratch') },
    ...more,
  };
  await mkdir(order.scratch);
  const seen: DrillProgress[] = [];
  const onProgress = (progress: DrillProgress) => void seen.push(progress);
  return { ended: await runDrillProgram(order, { signal, onProgress }), seen };
};
const scratchIsGone = () => !existsSync(join(folder, 'scratch'));

test('the program says how far it is and by which code it failed, and its scratch goes', async () => {
  const { ended, seen } = await run({ site: 'nowhere' });
  expect(ended).toEqual({ code: 'SITE_UNKNOWN', reason: 'SITE_UNKNOWN' });
  expect(seen).toEqual([{ phase: 'keys', done: 0, total: 0 }]);
  expect(scratchIsGone()).toBe(true);
  expect((await run({})).ended).toMatchObject({ code: 'KEYS_MISSING' });
});

test('one that is broken off before it has begun ends, and its scratch goes', async () => {
  const { ended } = await run({}, AbortSignal.abort());
  expect(ended ?? {}).not.toHaveProperty('result');
  expect(scratchIsGone()).toBe(true);
});
