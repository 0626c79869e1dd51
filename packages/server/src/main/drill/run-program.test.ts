import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock as clock } from '../../core/clock.ts';
import { systemRandom as random } from '../../core/random.ts';
import { createKeyFolder } from '../../keys/index.ts';
import { loadConfig } from '../config.ts';
import { openSites, readSites } from '../open-sites.ts';
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

test('one that is broken off while its PostgreSQL starts leaves neither server nor scratch', async () => {
  const archiveId = 'archive';
  await createKeyFolder({ folder: join(folder, 'keys'), archiveId, random });
  const config = loadConfig({}, { workFolder: folder });
  await openSites(await readSites(config), { archiveId, clock, random, create: true });
  for (const file of ['pg/PG_VERSION', 'pg.new', 'pg/postmaster.pid']) {
    const stop = new AbortController();
    const looking = setInterval(() => {
      if (existsSync(join(folder, 'scratch', file))) stop.abort();
    }, 2);
    const { ended } = await run({ config }, stop.signal);
    clearInterval(looking);
    expect(stop.signal.aborted, file).toBe(true);
    expect(ended, file).toBeUndefined();
    expect(scratchIsGone(), file).toBe(true);
    expect(serversIn(folder), file).toEqual([]);
  }
});

/** Processes that name the folder. */
const serversIn = (named: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(named);
    } catch {
      return false;
    }
  });
