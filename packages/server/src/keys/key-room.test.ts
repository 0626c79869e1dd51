import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { newObjectId, newRecordId } from '../core/ids.ts';
import { systemRandom as random } from '../core/random.ts';
import { createKeyFolder, createKeyRoom, openKeyFolder } from './index.ts';
import type { KeyRoom } from './ports.ts';

const archiveId = '0198a1b2-0000-7000-8000-000000000001';
const clock = fixedClock('2026-11-25T00:00:00Z');
let parent: string;
let room: KeyRoom;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'voxkeep-room-'));
  const folder = join(parent, 'keys');
  await createKeyFolder({ folder, archiveId, random });
  const store = await openKeyFolder({ folder, archiveId, clock, random });
  const kept = new Map<string, Buffer>();
  const envelopes = {
    write: async (pool: string, id: string, bytes: Buffer) => void kept.set(pool + id, bytes),
    async *read(pool: string, id: string) {
      const bytes = kept.get(pool + id);
      if (bytes !== undefined) yield bytes;
    },
    destroy: async (pool: string, id: string) => void kept.delete(pool + id),
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
