import { afterEach, beforeEach, expect, test } from 'vitest';
import { knowsMore, lastUses } from './index.ts';
import { act, append, type LedgerScene, ledgerScene, until } from './ledger-scene.testing.ts';

let scene: LedgerScene;
beforeEach(async () => {
  scene = await ledgerScene();
});
afterEach(() => scene.close());

const sequenced = (count: number) =>
  until(async () => {
    const rows = await scene.database.db.selectFrom('ledger_entry').select('index').execute();
    return rows.length >= count;
  });

test('a record was last used when somebody saw or heard it, not when it was found or worked on', async () => {
  await scene.start();
  const { db } = scene.database;
  await append(db, act('r-1'));
  await append(db, { ...act('r-1'), action: 'record.play' });
  await append(db, { ...act('r-2'), action: 'record.state' });
  await append(db, { ...act('r-3'), outcome: 'refused' });
  await append(db, act('r-4'));
  await append(db, { ...act('r-1'), action: 'record.trail' });
  await sequenced(6);
  const uses = await lastUses(db, ['r-1', 'r-2', 'r-3']);
  const played = await db
    .selectFrom('ledger_entry')
    .select('at')
    .where('action', '=', 'record.play')
    .executeTakeFirstOrThrow();
  expect([...uses.keys()]).toEqual(['r-1']);
  expect(uses.get('r-1')).toEqual(played.at);
  expect(await lastUses(db, [])).toEqual(new Map());
});

test('the ledger knows more of what a lost catalog did than the new catalog', async () => {
  const first = await scene.start();
  const { outboxId } = { outboxId: await append(scene.database.db, act('r-1')) };
  expect(outboxId).not.toBe('');
  await sequenced(1);
  expect(await knowsMore(scene.database.db, 'r-1')).toBe(false);
  await until(
    async () => first.health().behindMs === 0 && (await scene.hq.get('checkpoint')) !== undefined,
  );
  await first.stop();
  await scene.loseCatalog();
  await scene.start();
  await sequenced(1);
  expect(await knowsMore(scene.database.db, 'r-1')).toBe(true);
  expect(await knowsMore(scene.database.db, 'r-2')).toBe(false);
});
