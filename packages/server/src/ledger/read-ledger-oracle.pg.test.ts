import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteSigner } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareLedgers, readLedger } from '../../../../bench/oracle/read-ledger.ts';
import { systemClock } from '../core/clock.ts';
import { directoryLedgerStore } from '../platform/objects/directory-ledger-store.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { appendEntry } from './append-entry.ts';
import type { Sequencer } from './sequencer-port.ts';
import { startSequencer } from './start-sequencer.ts';

const ENTRIES = 530;
const signer = noteSigner('voxkeep.test/ledger', Buffer.alloc(32, 5));
let root: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let sequencer: Sequencer;
const hq = () => join(root, 'hq', 'ledger');
const branch = () => join(root, 'branch', 'ledger');

async function append(count: number): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    for (let turn = 0; turn < count; turn += 1) {
      await appendEntry(tx, systemClock, {
        ...{ actorId: 'u-1', actorRole: 'qa', action: 'record.view', outcome: 'ok' },
        resource: `r-${turn}`,
      });
    }
  });
  await sequencer.flush();
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'voxkeep-ledger-'));
  database = await testDatabase();
  const stores = ['hq', 'branch'].map((name) => {
    const siteFolder = mkdtempSync(join(root, `${name}-`));
    return { name, siteFolder };
  });
  for (const site of stores) cpSync(site.siteFolder, join(root, site.name), { recursive: true });
  sequencer = await startSequencer({
    ...{ db: database.db, pool: database.pool, clock: systemClock, origin: signer.name },
    signingKey: Buffer.alloc(32, 5),
    stores: stores.map(({ name }) => directoryLedgerStore({ name, siteFolder: join(root, name) })),
  });
  await append(7);
  cpSync(hq(), join(root, 'early'), { recursive: true });
  await append(ENTRIES - 7);
});

afterAll(async () => {
  await sequencer.stop();
  await database.close();
  rmSync(root, { recursive: true, force: true });
});

test('a reader that knows the published formats only accepts what is at the sites', () => {
  const { entries, size } = readLedger(hq(), signer.vkey);
  expect(size).toBe(ENTRIES);
  expect(entries.map((entry) => JSON.parse(entry.toString()).seq)).toEqual(
    Array.from({ length: ENTRIES }, (_, at) => at),
  );
  expect(compareLedgers(hq(), branch(), signer.vkey)).toEqual({
    size: ENTRIES,
    otherSize: ENTRIES,
  });
  expect(compareLedgers(join(root, 'early'), hq(), signer.vkey).size).toBe(7);
});

test('it refuses the log when one byte of any file is another one, or any file is cut or gone', () => {
  const files = readdirSync(hq(), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(hq(), name)).isFile())
    .filter((name) => name === 'checkpoint' || isLive(name));
  expect(files).toHaveLength(8);
  for (const name of files) {
    const path = join(hq(), name);
    const good = readFileSync(path);
    for (const at of [0, Math.floor(good.length / 2), good.length - 1]) {
      const bent = Buffer.from(good);
      bent[at] = (bent[at] ?? 0) ^ 0x01;
      writeFileSync(path, bent);
      expect(() => readLedger(hq(), signer.vkey), `${name} at ${at}`).toThrow();
    }
    writeFileSync(path, good.subarray(0, -1));
    expect(() => readLedger(hq(), signer.vkey), `${name} cut`).toThrow();
    rmSync(path);
    expect(() => readLedger(hq(), signer.vkey), `${name} gone`).toThrow();
    writeFileSync(path, good);
  }
  expect(readLedger(hq(), signer.vkey).size).toBe(ENTRIES);
});

test('it refuses another key, and two sites with different histories', async () => {
  const other = noteSigner(signer.name, Buffer.alloc(32, 6));
  expect(() => readLedger(hq(), other.vkey)).toThrow('not signed by that key');
  const folder = mkdtempSync(join(root, 'other-'));
  const second = await testDatabase();
  const rival = await startSequencer({
    ...{ db: second.db, pool: second.pool, clock: systemClock, origin: signer.name },
    signingKey: Buffer.alloc(32, 5),
    stores: [directoryLedgerStore({ name: 'rival', siteFolder: folder })],
  });
  await second.db.transaction().execute((tx) =>
    appendEntry(tx, systemClock, {
      ...{ actorId: 'u-2', actorRole: 'admin', action: 'archive.start', outcome: 'ok' },
    }),
  );
  await rival.flush();
  await rival.stop();
  await second.close();
  expect(readLedger(join(folder, 'ledger'), signer.vkey).size).toBe(1);
  const compared = () => compareLedgers(join(folder, 'ledger'), hq(), signer.vkey);
  expect(compared).toThrow('different histories');
});

/** Files that the tree of 530 entries is made of: 2 full and 1 partial tile, and the one above. */
function isLive(name: string): boolean {
  return /^tile\/(0|entries)\/(000|001|002\.p\/18)$|^tile\/1\/000\.p\/2$/.test(name);
}
