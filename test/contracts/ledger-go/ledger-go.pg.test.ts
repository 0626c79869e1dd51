import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteSigner } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../packages/server/src/core/clock.ts';
import {
  appendEntry,
  type Sequencer,
  startSequencer,
} from '../../../packages/server/src/ledger/index.ts';
import { directoryLedgerStore } from '../../../packages/server/src/platform/objects/directory-ledger-store.ts';
import { testDatabase } from '../../../packages/server/src/platform/postgres/test-database.testing.ts';
import { buildLedgerGo, missingForGo } from './build-ledger-go.ts';

const missing = missingForGo();
/** Where the packages cannot be installed the rest is still worth running; in CI they can. */
const may = missing.length === 0 || process.env['CI'] === 'true' ? test : test.skip;

const SEED = Buffer.alloc(32, 5);
const log = noteSigner('voxkeep.test/ledger', SEED);
let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let sequencer: Sequencer;
const site = () => join(folder, 'hq', 'ledger');
const earlier: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-go-'));
  mkdirSync(join(folder, 'hq'));
  database = await testDatabase();
  sequencer = await startSequencer({
    ...{ db: database.db, pool: database.pool, clock: systemClock, origin: log.name },
    signingKey: SEED,
    stores: [directoryLedgerStore({ name: 'hq', siteFolder: join(folder, 'hq') })],
  });
  for (const count of [1, 6, 249, 1, 44, 211, 200]) {
    await database.db.transaction().execute(async (tx) => {
      for (let turn = 0; turn < count; turn += 1) {
        await appendEntry(tx, systemClock, {
          ...{ actorId: 'u-1', actorRole: 'qa', action: 'record.view', outcome: 'ok' },
          resource: `r-${turn}`,
        });
      }
    });
    await sequencer.flush();
    const file = join(folder, `checkpoint-${earlier.length}`);
    cpSync(join(site(), 'checkpoint'), file);
    earlier.push(file);
  }
});

afterAll(async () => {
  await sequencer.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the Go program answers, one after another. */
function judge(program: string, questions: object[]): { ok: boolean; error?: string }[] {
  const input = questions.map((one) => JSON.stringify({ id: 1, key: log.vkey, ...one })).join('\n');
  const done = spawnSync(program, { input: `${input}\n`, encoding: 'utf8' });
  return done.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

may(
  'Go’s sumdb/note and sumdb/tlog take the ledger: signature, entries, inclusion, consistency',
  () => {
    const program = buildLedgerGo(folder);
    const [whole] = judge(program, [{ folder: site(), earlier }]);
    expect(whole).toEqual({ id: 1, ok: true, size: 712, entries: 712, earlier: 7 });

    const bent = join(folder, 'bent');
    cpSync(site(), bent, { recursive: true });
    const bundle = join(bent, 'tile/entries/001');
    const bytes = readFileSync(bundle);
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    writeFileSync(bundle, bytes);
    const other = noteSigner(log.name, Buffer.alloc(32, 6)).vkey;
    const answers = judge(program, [
      { folder: bent, earlier },
      { folder: site(), key: other, earlier: [] },
      { folder: site(), earlier: [join(bent, 'tile/0/000')] },
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(answers[0]?.error).toMatch(/entry 256 is not the one that was logged/);
  },
);
