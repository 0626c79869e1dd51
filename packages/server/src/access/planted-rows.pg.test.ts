import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  actors,
  columnsOf,
  database,
  forged,
  held,
  inside,
  openPlantedScene,
  ownRow,
  settleActors,
  TABLES,
  undone,
  VALUES,
} from './planted-scene.testing.ts';

beforeAll(openPlantedScene);
afterAll(() => database.close());
beforeEach(settleActors);

it('a column that a superuser changes opens nothing that was shut', async () => {
  const before = await held();
  expect(before).toMatchObject({
    session: { actorId: actors.lowly, role: 'agent' },
    key: { role: 'service', scopes: ['intake'] },
    password: { actorId: actors.lowly },
    others: undefined,
  });
  for (const table of TABLES) {
    for (const { name, type } of await columnsOf(table)) {
      await undone(async (tx) => {
        await sql`update ${sql.table(table)} set ${sql.ref(name)} = ${sql.raw(VALUES[type] ?? '')}
          where ${ownRow(table)}`.execute(tx);
        expectNothingGained(`${table}.${name}`, before, await inside(tx));
      });
    }
  }
  expect(new Set(forged.map((one) => one.split(' ')[0]))).toEqual(new Set(TABLES));
});

it('no mixture of two rows opens anything that neither opened', async () => {
  const before = await held();
  const columns = Object.fromEntries(
    await Promise.all(TABLES.map(async (table) => [table, await columnsOf(table)] as const)),
  );
  let tried = 0;
  const mixture = fc.constantFrom(...TABLES).chain((table) =>
    fc.record({
      table: fc.constant(table),
      names: fc.subarray(
        (columns[table] ?? []).map(({ name }) => name),
        { minLength: 1 },
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(mixture, async ({ table, names }) => {
      // One's own id and foreign keys aside, the other row is out of the way of unique columns.
      const copied = names.filter((name) => name !== 'id' && name !== 'actor_id');
      const set = [...new Set([...copied, 'seal'])].map(
        (name) => sql`${sql.ref(name)} = o.${sql.ref(name)}`,
      );
      const run = await undone(async (tx) => {
        const own = ownRow(table);
        await sql`create temp table kept on commit drop as
          select * from ${sql.table(table)} where not (${own}) limit 1`.execute(tx);
        if (table === 'staff') {
          await sql`update staff set username = 'moved' where not (${own})`.execute(tx);
        } else {
          await sql`delete from ${sql.table(table)} where not (${own})`.execute(tx);
        }
        await sql`update ${sql.table(table)} t set ${sql.join(set)} from kept o
          where ${sql.raw(table === 'staff' ? 't.actor_id' : 't.id')} in
            (select ${sql.ref(table === 'staff' ? 'actor_id' : 'id')} from ${sql.table(table)}
             where ${own})`.execute(tx);
        expectNothingGained(`${table} ${copied.join()}`, before, await inside(tx));
      });
      if (run) tried += 1;
    }),
    { numRuns: 40 },
  );
  expect(tried).toBeGreaterThan(30);
});

function expectNothingGained(
  what: string,
  before: Record<string, unknown>,
  now: Record<string, unknown>,
): void {
  for (const [way, viewer] of Object.entries(now)) {
    if (viewer !== undefined) expect([what, way, viewer]).toEqual([what, way, before[way]]);
  }
}
