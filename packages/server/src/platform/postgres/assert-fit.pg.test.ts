import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { assertFit } from './assert-fit.ts';
import { connect } from './connect.ts';
import { testDatabase } from './test-database.testing.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
const here = () => {
  if ('url' in database.address) throw new TypeError('the test server has a socket');
  return database.address;
};

/** A server that says this of itself. */
const saying = (number: string, encoding = 'UTF8') =>
  ({ query: async () => ({ rows: [{ number, version: number, encoding }] }) }) as never;

it.each(['150000', '150018', '160004', '180001'])('takes a server of version %s', (number) =>
  expect(assertFit(saying(number))).resolves.toBeUndefined(),
);

it.each(['90624', '140023'])('refuses version %s with POSTGRES_TOO_OLD', (number) =>
  expect(assertFit(saying(number))).rejects.toMatchObject({ code: 'POSTGRES_TOO_OLD' }),
);

test('a database of UTF8 is taken, of another encoding it is refused with POSTGRES_ENCODING', async () => {
  await assertFit(database.pool);
  const name = `latin_${process.pid}`;
  await database.pool.query(
    `create database ${name} template template0 encoding 'LATIN1' locale 'C'`,
  );
  const latin = connect({ ...here(), database: name });
  await expect(assertFit(latin.pool)).rejects.toMatchObject({ code: 'POSTGRES_ENCODING' });
  await latin.close();
  await database.pool.query(`drop database ${name} with (force)`);
});

test('one that does not answer, or lets nobody in, is POSTGRES_UNREACHABLE and tells no password', async () => {
  const { host, user } = here();
  const wrong = [
    { url: 'postgresql://a:hidden@127.0.0.1:1/none' },
    { host, user, password: 'hidden', database: 'postgres' },
    { url: 'no address, hidden' },
  ];
  for (const address of wrong) {
    const other = connect(address);
    const error = await assertFit(other.pool).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'POSTGRES_UNREACHABLE' });
    expect(String((error as Error).message)).not.toContain('hidden');
    await other.close();
  }
});
