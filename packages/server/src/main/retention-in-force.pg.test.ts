import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../access/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import type { AuditEntry } from '../core/audit.ts';
import { fixedClock } from '../core/clock.ts';
import { createNotices } from '../notices/index.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { retentionInForce, settleRetention } from './retention-in-force.ts';
import { createRetention } from './retention-view.ts';

const CONFIG = resolve(import.meta.dirname, '../../../../config/retention.yaml');
const clock = fixedClock('2026-11-20T01:00:00Z');

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let settings: { retention: string; timeZone: string };
let entries: AuditEntry[];
let warned: string[];

beforeEach(async () => {
  clock.set('2026-11-20T01:00:00Z');
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-retention-'));
  settings = { retention: join(folder, 'retention.yaml'), timeZone: 'Asia/Shanghai' };
  await writeFile(settings.retention, await readFile(CONFIG));
  entries = [];
  warned = [];
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const audit = {
  append: async (_tx: unknown, entry: AuditEntry) => {
    entries.push(entry);
    return { outboxId: String(entries.length) };
  },
  settle: async () => ({ index: 0 }),
};
const log = {
  info: () => undefined,
  warn: (event: string) => void warned.push(event),
  error: () => undefined,
};
/** A start of the archive: the number of the rules that it follows. */
async function start(): Promise<number> {
  const { db } = database;
  await settleRetention(settings, { db, clock, audit, notices: createNotices({ clock }), log });
  return (await (await retentionInForce(settings)).inForce(db)).number;
}
const change = async (from: string, to: string) => {
  const yaml = await readFile(settings.retention, 'utf8');
  expect(yaml).toContain(from);
  await writeFile(settings.retention, yaml.replace(from, to));
};

test('the first start puts the file into force; a changed one only proposes, and compliance is told once a week', async () => {
  const { db } = database;
  const named = { username: 'o', displayName: 'O', role: 'compliance', personId: 'p' } as const;
  const account = { ...named, password: 'correct horse battery' };
  await createAccount({ db, clock, seals: testSeals() }, account);
  expect([await start(), await start()]).toEqual([1, 1]);
  expect(entries).toMatchObject([{ action: 'retention.change', detail: { state: 'first' } }]);
  await change('keep: { years: 5 }', 'keep: { years: 1 }');
  const told = () =>
    db.selectFrom('notice').select('kind').where('kind', '=', 'retention.differs').execute();
  expect([await start(), await start()]).toEqual([1, 1]);
  expect([warned.length, (await told()).length, entries.length]).toEqual([2, 1, 1]);
  clock.set(new Date(clock.now().getTime() + 8 * 86_400_000));
  await start();
  expect(await told()).toHaveLength(2);
  const kept = (await retentionInForce(settings)).inForce(db);
  const core = (await kept).profiles.profiles.find(({ id }) => id === 'tier-core');
  expect(core?.keep).toEqual({ years: 5 });
});

test('whoever looks learns of a file that differs, has faults or is not there', async () => {
  const { db } = database;
  await start();
  const rules = await retentionInForce(settings);
  const walker = { wake: () => undefined };
  const { view } = createRetention(settings, { db, clock, audit, rules, walker });
  expect(await view()).toMatchObject({ fileDiffers: false, inForce: { number: 1 } });
  await change('id: tier-core', 'id: Tier Core');
  expect(await view()).toMatchObject({
    ...{ fileDiffers: true, fileFaults: expect.stringContaining('profiles/1/id') },
  });
  await rm(settings.retention);
  const gone = await view();
  expect([gone.fileDiffers, gone.file, typeof gone.fileFaults]).toEqual([
    ...[true, undefined, 'string'],
  ]);
});
