import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { systemRandom } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { createAccount, setRole } from './accounts.ts';
import { commitChange } from './commit-change.ts';
import { createSeals } from './seals.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('whoever tells a person of something does not wait for a change of their role', async () => {
  const { db, pool } = database;
  const memory = { least: () => 0, raise: async () => undefined };
  const seals = createSeals({
    ...{ secret: Buffer.alloc(32, 3), random: systemRandom, memory },
    onForged: () => undefined,
  });
  const account = await createAccount(
    { db, clock: systemClock, seals },
    { username: 'qa-9', displayName: '质检', role: 'qa', password: 'a very long password 9' },
  );
  const telling = await pool.connect();
  try {
    // A signature or a withdrawal has its request and tells of it, while a change of role has the
    // account and comes for the request: each would wait for the other.
    await telling.query(`set lock_timeout = '3s'`);
    const audit = {
      append: async () => ({ outboxId: '0' }),
      settle: async () => ({ index: 0 }),
    };
    await commitChange({ db, seals, audit }, async (tx) => {
      await setRole(tx, account.id, { role: 'trainer' });
      await telling.query(
        `insert into notice (id, actor_id, kind, severity, told_at)
         values (gen_random_uuid(), $1, 'request.revoked', 'info', now())`,
        [account.id],
      );
      return { answer: undefined };
    });
  } finally {
    telling.release(true);
  }
  const { rows } = await pool.query('select count(*)::int as n from notice');
  expect(rows[0]?.n).toBe(1);
});
