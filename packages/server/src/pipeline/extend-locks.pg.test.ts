import { afterEach, beforeEach, expect, test } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import { ArchiveError } from '../core/errors.ts';
import { newObjectId, newRecordId } from '../core/ids.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import type { PipelineDeps } from './deps.ts';
import { extendLocks } from './extend-locks.ts';

const TERM = new Date('2030-12-31T16:00:00Z');
const clock = fixedClock('2026-11-20T01:00:00Z');

let database: Awaited<ReturnType<typeof testDatabase>>;
let asked: string[];
let away: Set<string>;

beforeEach(async () => {
  clock.set('2026-11-20T01:00:00Z');
  database = await testDatabase();
  asked = [];
  away = new Set();
});
afterEach(() => database.close());

const deps = (): Pick<PipelineDeps, 'db' | 'clock' | 'vault' | 'timeZone'> => {
  const lock: PipelineDeps['vault']['lock'] = async (object, site, until) => {
    if (away.has(site)) throw new ArchiveError('SITE_UNREACHABLE', 'away', { retry: 'later' });
    asked.push(`${object.id} ${site} ${until.toISOString()}`);
    return true;
  };
  const vault = new Proxy({} as PipelineDeps['vault'], {
    get(_none, name) {
      if (name === 'lock') return lock;
      throw new Error('is not for this');
    },
  });
  return { db: database.db, clock, vault, timeZone: 'Asia/Shanghai' };
};

/** A record that is kept until 2031 with copies whose locks end then. */
async function record(
  locks: Record<string, string | null>,
): Promise<{ id: string; object: string }> {
  const { db } = database;
  const [id, object] = [newRecordId(), newObjectId()];
  const now = clock.now();
  await db
    .insertInto('record_term')
    .values({
      ...{ record_id: id, keep_until: '2031-01-01', open_ended: false, at_most: null },
      ...{ due_on: '2031-01-01', rule: 'a', rules: 1, why: '{}' },
    })
    .execute();
  await db
    .insertInto('sealed_object')
    .values({
      ...{ id: object, record_id: id, purpose: 'redacted', ordinal: 0, pool: 'core', version: 1 },
      ...{ media_type: 'audio/flac', plain_bytes: '1', sealed_bytes: '1', created_at: now },
      ...{ sealed_sha256: Buffer.alloc(32), facts: '{}' },
    })
    .execute();
  await db
    .insertInto('object_copy')
    .values(
      Object.entries(locks).map(([site, until]) => ({
        ...{ object_id: object, site, written_at: now, verified_at: now },
        locked_until: until === null ? null : new Date(until),
      })),
    )
    .execute();
  await db.insertInto('pending_lock').values({ record_id: id, not_before: now }).execute();
  return { id, object };
}
const lockedAt = async () =>
  Object.fromEntries(
    (await database.db.selectFrom('object_copy').select(['site', 'locked_until']).execute()).map(
      (one) => [one.site, one.locked_until?.toISOString()],
    ),
  );
const pending = () => database.db.selectFrom('pending_lock').selectAll().execute();

test('a copy is locked until the new day where its site locks, and no lock becomes shorter', async () => {
  const { object } = await record({
    ...{ hq: null, branch: '2028-01-01T00:00:00Z', cloud: '2040-01-01T00:00:00Z' },
  });
  expect(await extendLocks(deps())).toEqual({ extended: 1, left: 0 });
  expect(asked).toEqual([`${object} branch ${TERM.toISOString()}`]);
  expect(await lockedAt()).toEqual({
    ...{ branch: TERM.toISOString(), cloud: '2040-01-01T00:00:00.000Z', hq: undefined },
  });
  expect(await pending()).toEqual([]);
});

test('a site that is away is asked again later, and what was locked meanwhile is not asked again', async () => {
  await record({ branch: '2028-01-01T00:00:00Z' });
  await record({ cloud: '2028-01-01T00:00:00Z' });
  away.add('cloud');
  expect(await extendLocks(deps())).toEqual({ extended: 1, left: 1 });
  expect(await pending()).toHaveLength(1);
  away.clear();
  expect(await extendLocks(deps())).toEqual({ extended: 0, left: 0 });
  clock.set(new Date(clock.now().getTime() + 600_000));
  expect(await extendLocks(deps())).toEqual({ extended: 1, left: 0 });
  expect(asked).toHaveLength(2);
  expect(await pending()).toEqual([]);
});
