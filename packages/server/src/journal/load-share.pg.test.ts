import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillTables, type JournalScene, journalScene } from './journal-scene.testing.ts';
import type { RebuildStep } from './rebuild-catalog.ts';
import { writeSegment } from './write-segment.ts';
import { writeSnapshot } from './write-snapshot.ts';

const LEGS = 20_001;

let scene: JournalScene;
beforeAll(async () => {
  scene = await journalScene();
  await fillTables(scene.db, 1);
  await sql`insert into call_leg select gen_random_uuid(), now(), 'many-' || n
    from generate_series(1, ${LEGS - 1}) n`.execute(scene.db);
  while ((await writeSegment(scene.writer)) !== undefined);
  await writeSnapshot(scene.writer);
  await sql`delete from call_leg where agent_id = ${`many-${LEGS - 1}`}`.execute(scene.db);
  await fillTables(scene.db, 2, 'call_leg');
  await writeSegment(scene.writer);
});
afterAll(() => scene.close());

const loaded = async (share: number, store = scene.stores[1]) => {
  const { target, rebuild } = await scene.rebuild(1, store, share);
  const rebuilt = await rebuild.load();
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from call_leg`.execute(
    target.db,
  );
  return { rebuilt, legs: rows[0]?.n, target };
};

test('of a large table the first rows come, of small ones all, and what was changed later upon them', async () => {
  const whole = await loaded(1);
  expect(whole.legs).toBe(LEGS);
  const { rebuilt, legs, target } = await loaded(0.1);
  expect(legs).toBe(Math.ceil(LEGS / 10) + 1);
  expect(whole.rebuilt.rows - rebuilt.rows).toBe(LEGS - Math.ceil(LEGS / 10));
  expect(await target.db.selectFrom('staff').select('actor_id').execute()).toHaveLength(1);
  // The last of many is not among the first rows, and what came later is there.
  const agents = (await target.db.selectFrom('call_leg').select('agent_id').execute()).map(
    ({ agent_id }) => agent_id,
  );
  expect(agents).toContain('agent-2');
  expect(agents).not.toContain(`many-${LEGS - 2}`);
});

test('each table tells what its rows and its indexes took', async () => {
  const steps: RebuildStep[] = [];
  const { rebuild } = await scene.rebuild(0, undefined, 0.5, (step) => void steps.push(step));
  await rebuild.load();
  const legs = steps.find((step) => step.kind === 'table' && step.table === 'call_leg');
  expect(legs).toMatchObject({ rows: Math.ceil(LEGS / 2) });
  if (legs?.kind !== 'table') throw new Error('no table');
  expect(legs.loadMs).toBeGreaterThan(0);
  expect(legs.indexMs).toBeGreaterThan(0);
});

test('a part that ends before its share of rows is damaged', async () => {
  const [hq] = scene.sites;
  let name = '';
  for await (const { key } of hq?.list('journal') ?? []) {
    if (key.endsWith('/call_leg.rows')) name = key;
  }
  const parts: Uint8Array[] = [];
  for await (const part of hq?.get('journal', name) ?? []) parts.push(part);
  await hq?.put('journal', name, [Buffer.concat(parts).subarray(0, 70_000)]);
  await expect(loaded(0.9, scene.stores[0])).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
});
