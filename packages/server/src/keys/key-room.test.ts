import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { newObjectId, newRecordId } from '../core/ids.ts';
import { systemRandom as random } from '../core/random.ts';
import { createKeyFolder, createKeyRoom, epochOf, openKeyFolder } from './index.ts';
import type { KeyRoom, KeyStore } from './ports.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const clock = fixedClock('2026-11-25T00:00:00Z');
let parent: string;
let room: KeyRoom;
let store: KeyStore;
/** Copies of each envelope, nearest first. */
let kept: Map<string, Buffer[]>;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-room-'));
  const folder = join(parent, 'keys');
  await createKeyFolder({ folder, archiveId, random });
  store = await openKeyFolder({ folder, archiveId, clock, random });
  kept = new Map();
  const envelopes = {
    write: async (pool: string, id: string, bytes: Buffer) => void kept.set(pool + id, [bytes]),
    async *read(pool: string, id: string) {
      yield* kept.get(pool + id) ?? [];
    },
    destroy: async (pool: string, id: string) => void kept.delete(pool + id),
    discard: async (pool: string, id: string) => void kept.delete(pool + id),
  };
  room = createKeyRoom({ store, envelopes, clock, random });
});
afterEach(async () => {
  room.close();
  await rm(parent, { recursive: true, force: true });
});

it('a key that is in memory still leaves for its own pool only', async () => {
  const ids = { recordId: newRecordId(), objectId: newObjectId() };
  const ref = { ...ids, pool: 'core', version: 1, purpose: 'redacted' } as const;
  await (await room.createKey(ref, ['hq'])).stored;
  const looser = { ...ids, pool: 'basic' } as const;
  const pass = { by: 'role', role: 'agent' } as const;
  const foreign = { code: 'ENVELOPE_DAMAGED' };
  await expect(room.openKeyFor(looser, pass)).rejects.toMatchObject(foreign);
  await expect(room.openKeyFor(ref, pass)).rejects.toMatchObject({ code: 'KEY_WITHHELD' });
  expect(await room.openKeyFor(ref, { by: 'role', role: 'qa' })).toHaveLength(32);
});

it('a renewed envelope holds the same key in the current epoch, and is the same each time', async () => {
  const ids = { recordId: newRecordId(), objectId: newObjectId() };
  const ref = { ...ids, pool: 'core', version: 3, purpose: 'redacted' } as const;
  const { key, envelope, stored } = await room.createKey(ref, ['hq']);
  await stored;
  await store.beginEpoch();
  const renewed = await room.renewEnvelope(envelope);
  expect(renewed.ref).toEqual(ref);
  expect([epochOf(envelope), epochOf(renewed.envelope)]).toEqual(['2026', '2026.2']);
  expect((await room.renewEnvelope(envelope)).envelope).toEqual(renewed.envelope);
  expect((await room.renewEnvelope(renewed.envelope)).envelope).toEqual(renewed.envelope);
  // One site still has the old one, before the epoch ends and after it.
  for (const copies of [[envelope, renewed.envelope], [renewed.envelope]]) {
    kept.set(ref.pool + ref.objectId, copies);
    room.dropAll();
    expect(await room.openKey(ref)).toEqual(key);
  }
  await store.makeIndexKeys(store.currentEpoch('basic'));
  await store.destroyEpoch('content', '2026');
  kept.set(ref.pool + ref.objectId, [envelope, renewed.envelope]);
  room.dropAll();
  expect(await room.openKey(ref)).toEqual(key);
  kept.set(ref.pool + ref.objectId, [envelope, Buffer.from('no envelope')]);
  room.dropAll();
  await expect(room.openKey(ref)).rejects.toMatchObject({ code: 'KEYS_EPOCH_MISSING' });
});
