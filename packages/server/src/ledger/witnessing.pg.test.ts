import { openCheckpoint, openCosignature } from '@voxkeep/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  act,
  append,
  codeOf,
  type LedgerScene,
  ledgerScene,
  until,
  vkey,
} from './ledger-scene.testing.ts';
import type { MemoryStore } from './memory-store.testing.ts';
import { servedCheckpoint } from './read-entries.ts';
import type { Sequencer } from './sequencer-port.ts';
import { type MemoryWitness, memoryWitness } from './witness.testing.ts';

let scene: LedgerScene;
let witnesses: MemoryWitness[];
beforeEach(async () => {
  scene = await ledgerScene();
  witnesses = ['one', 'two', 'three'].map((name, at) =>
    memoryWitness(`witness.test/${name}`, 20 + at, vkey),
  );
});
afterEach(() => scene.close());

const start = (quorum: number, required = false): Promise<Sequencer> =>
  scene.start(undefined, { waitMs: 3000, witnesses: { witnesses, quorum, required } });
const write = (sequencer: Sequencer, resource: string) =>
  append(scene.database.db, act(resource)).then((id) => sequencer.wait(id));
const witnessing = (sequencer: Sequencer) => sequencer.health().witnessing;

/** Names of the witnesses whose cosignature the site's file carries. */
async function cosignersAt(store: MemoryStore, file: string): Promise<string[]> {
  const note = (await store.get(file))?.toString() ?? '';
  if (note === '') return [];
  openCheckpoint(note, vkey);
  return witnesses.filter((one) => openCosignature(note, one.vkey)).map((one) => one.name);
}

test('a checkpoint with its cosignatures gets to every site and is what is served', async () => {
  const sequencer = await start(2);
  await write(sequencer, 'r-1');
  for (const site of [scene.hq, scene.branch, scene.cloud]) {
    await until(async () => (await cosignersAt(site, 'checkpoint')).length === 3);
    expect(await cosignersAt(site, 'witnessed')).toHaveLength(3);
  }
  expect(witnessing(sequencer)).toMatchObject({ witnessed: true, size: 1, quorum: 2 });
  const served = await servedCheckpoint(scene.database.db);
  expect(served?.checkpoint).toBe((await scene.hq.get('checkpoint'))?.toString());
});

test('without witnesses nothing is called witnessed', async () => {
  const sequencer = await scene.start();
  await write(sequencer, 'r-1');
  expect(witnessing(sequencer)).toMatchObject({ witnessed: false, quorum: 0, witnesses: [] });
});

test('one of three that is down is shown and does not stop anybody; below the quorum it is not witnessed', async () => {
  const [first, second] = witnesses;
  if (first === undefined || second === undefined) throw new Error('no witnesses');
  first.fault = 'down';
  const sequencer = await start(2);
  await write(sequencer, 'r-1');
  await until(() => witnessing(sequencer).witnessed);
  expect(witnessing(sequencer).witnesses[0]?.lastError).toBe('WITNESS_UNREACHABLE');
  second.fault = 'lies';
  await write(sequencer, 'r-2');
  await until(() => witnessing(sequencer).witnesses[1]?.lastError === 'WITNESS_COSIGNATURE_BAD');
  expect(witnessing(sequencer).size).toBe(1);
  expect(sequencer.health().ok).toBe(true);
  await write(sequencer, 'r-3');
});

test('when a quorum is required nothing is answered without one, and all goes on with it', async () => {
  const sequencer = await start(2, true);
  await write(sequencer, 'r-1');
  for (const one of witnesses.slice(1)) one.fault = 'down';
  const waiting = await append(scene.database.db, act('r-2'));
  expect(await codeOf(sequencer.wait(waiting))).toBe('LEDGER_UNAVAILABLE');
  expect(sequencer.health().ok).toBe(false);
  for (const one of witnesses) one.fault = undefined;
  await until(() => sequencer.health().ok);
  expect(await sequencer.wait(waiting)).toEqual({ index: 1 });
});

test('a catalog that forgot its witnesses is told how far they are', async () => {
  const first = await start(2);
  for (let turn = 0; turn < 9; turn += 1) await write(first, `r-${turn}`);
  await until(() => witnessing(first).size === 9);
  await first.stop();
  await scene.loseCatalog();
  const again = await start(2);
  await write(again, 'r-new');
  await until(() => witnessing(again).size === 10);
});

test('a rolled back archive and a rewritten one get no cosignature and say why', async () => {
  const first = await start(2);
  for (let turn = 0; turn < 5; turn += 1) await write(first, `r-${turn}`);
  await until(() => witnessing(first).size === 5);
  await first.stop();
  await scene.loseCatalog();
  for (const site of [scene.hq, scene.branch, scene.cloud]) site.files.clear();
  const signed = witnesses.map((one) => one.cosigned);
  const rolledBack = await start(2);
  await write(rolledBack, 'other-0');
  await until(() => witnessing(rolledBack).witnesses[0]?.lastError === 'WITNESS_AHEAD');
  for (let turn = 1; turn < 7; turn += 1) await write(rolledBack, `other-${turn}`);
  await until(() => witnessing(rolledBack).witnesses[2]?.lastError === 'WITNESS_FORKED');
  expect(witnessing(rolledBack).witnessed).toBe(false);
  expect(witnesses.map((one) => one.cosigned)).toEqual(signed);
});
