import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom as random } from '../core/random.ts';
import { confirmShare, createEscrowSet, escrowSets, keepEscrowSet } from '../keys/index.ts';
import { createEscrowKeeper, type EscrowKeeper } from '../pipeline/rotation/escrow-keeper.ts';
import type { Rotation } from '../pipeline/rotation/rotation.ts';
import {
  endsOf,
  FAST,
  type RotationScene,
  rotationScene,
} from '../pipeline/rotation/rotation-scene.testing.ts';
import type { KeysPort } from '../serve/ports.ts';
import { createKeys } from './keys-view.ts';

const operator = { id: 'operator-1', role: 'operator' };
let house: RotationScene;
let rotation: Rotation;
let escrow: EscrowKeeper;
let port: KeysPort;
let woken: number;

beforeEach(async () => {
  house = await rotationScene();
  await started();
});
afterEach(() => house.close());

async function started(): Promise<void> {
  const { keyFolder: folder, sites } = house.scene;
  rotation = await house.open();
  escrow = createEscrowKeeper({ ...house.deps, rotation, folder, sites, random });
  woken = 0;
  port = createKeys({
    ...{ ...house.deps, sites, rotation, escrow, keysOnDataHost: false },
    ...endsOf(house),
    wake: () => {
      woken += 1;
    },
  });
}
async function ceremony(confirmed: number): Promise<void> {
  const { keyFolder, keys, clock } = house.scene;
  const { archiveId } = keys;
  const scheme = { threshold: 2, shares: 3, earlier: await escrowSets(keyFolder) };
  const { set, shares } = createEscrowSet({ archiveId, ...scheme, clock, random });
  await keepEscrowSet(keyFolder, set);
  for (const share of shares.slice(0, confirmed)) await confirmShare(keyFolder, share, clock);
  await escrow.tend();
}
const due = async () => (await port.view()).due;

test('says what is due from the first day to new shares after the end of an epoch', async () => {
  expect(await due()).toEqual(['escrow_missing']);
  await ceremony(1);
  expect(await due()).toEqual(['shares_unconfirmed']);
  await ceremony(2);
  expect(await due()).toEqual([]);
  await port.rotate('content', operator, 'r1');
  expect([await due(), woken]).toEqual([['rewrap'], 1]);
  await rotation.work(FAST);
  expect(await due()).toEqual(['rotate_finish']);
  house.scene.clock.set('2026-11-20T02:00:00Z');
  await started();
  // Until this process has placed the bundle, nobody knows what the sites have.
  expect(await due()).toEqual(['bundle_behind', 'rotate_finish']);
  await escrow.tend();
  await port.finish(operator, 'r2');
  // Shares of the first set open what ended, too.
  expect(await due()).toEqual(['reshare', 'attest']);
  house.scene.clock.set('2026-11-20T03:00:00Z');
  await ceremony(3);
  expect(await due()).toEqual(['attest']);
  const [current, ...earlier] = house.told.map(({ setId }) => setId).reverse();
  for (const setId of earlier) {
    for (const share of [1, 2, 3]) await port.attest({ setId, share }, operator, 'r3');
  }
  const own = { setId: current ?? '', share: 1 };
  await expect(port.attest(own, operator, 'r4')).rejects.toMatchObject({ code: 'SHARE_UNKNOWN' });
  expect(await due()).toEqual([]);
  expect((await port.view()).destroyed).toMatchObject([
    { epoch: '2026', goneAt: '2026-11-20T03:00:00.000Z', waiting: [] },
  ]);
  house.scene.clock.set('2026-11-23T03:00:01Z');
  expect(await due()).toEqual(['bundle_behind']);
});

test('counts living envelopes by epoch where it is known, and shows how far the work is', async () => {
  const count = (await house.objects()).length;
  const { pool = '' } = (await house.objects())[0] ?? {};
  const of = async (epoch: string) =>
    (await port.view()).epochs.find((one) => one.pool === pool && one.epoch === epoch);
  expect(await of('2026')).toMatchObject({ current: true, envelopes: count });
  await port.rotate('content', operator, 'r1');
  expect(await of('2026')).toEqual({ pool, epoch: '2026', current: false });
  expect((await port.view()).rewrap).toMatchObject({ to: '2026.2', seen: 0, of: count });
  await rotation.work(FAST);
  expect(await of('2026')).toMatchObject({ current: false, envelopes: 0 });
  expect(await of('2026.2')).toMatchObject({ current: true, envelopes: count });
  const days = (await port.view()).epochs.filter((one) => one.pool === 'quarantine');
  expect(days).toEqual([{ pool: 'quarantine', epoch: '2026-11-20', current: true }]);
});

test('shows nothing that opens anything', async () => {
  await ceremony(2);
  const text = JSON.stringify(await port.view());
  expect(Object.keys((await port.view()).escrow ?? {})).not.toContain('commitments');
  const { keys } = house.scene;
  for (const secret of [keys.secret('ledger-signing'), keys.secret('session')]) {
    expect(text).not.toContain(secret.toString('base64'));
    expect(text).not.toContain(secret.toString('hex'));
  }
});
