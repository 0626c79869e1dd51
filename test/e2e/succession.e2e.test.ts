import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NoticesView, SystemStatus } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OracleRefusal, readLedger } from '../../bench/oracle/read-ledger.ts';
import { voxkeep, WitnessProcess } from '../../bench/prove/ledger/witness-process.ts';
import { rebuildFrom } from '../../bench/prove/recovery/rebuild.ts';
import { TestArchive } from '../../bench/prove/test-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'voxkeep-succession-'));
const site = (name: string) => join(folder, name);
const ledgerAt = (name: string) => join(site(name), 'ledger');
const places = ['hq', 'branch', 'cloud'].map((name) => `${name}=${site(name)}`);
const witnessed = {
  VOXKEEP_SITES: places.join(),
  VOXKEEP_WITNESSES: join(folder, 'witnesses.yaml'),
};
/** From the recovery on. */
const required = { ...witnessed, VOXKEEP_WITNESS_REQUIRED: 'true' };
const admin = { username: 'first', password: 'a password of many words' };
const archive = new TestArchive();
let witness: WitnessProcess;
/** By which auditors and the witness verified the log until the loss. */
let oldKey: string;
let newKey: string;
/** What an auditor keeps: the last checkpoint before the loss. */
const kept = join(folder, 'kept-checkpoint');

const JSON_BODY = { 'content-type': 'application/json' };
/** An act that is on the ledger. */
const act = () => {
  const body = Buffer.from(JSON.stringify({ username: 'nobody', password: 'no password at all' }));
  return archive.asNobody('POST', '/session', body, JSON_BODY);
};
const ledger = async () => (await archive.json<SystemStatus>(admin.username, '/status')).ledger;
/** A log that is being written may be read in between. */
async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    if (await Promise.resolve().then(fact).catch(isRefusal)) return;
    await sleep(50);
  }
  throw new Error(`did not come about: ${fact}`);
}
const isRefusal = (error: unknown): boolean => {
  if (error instanceof OracleRefusal) return false;
  throw error;
};
const fileAt = (name: string, file: string) =>
  existsSync(join(ledgerAt(name), file)) ? readFileSync(join(ledgerAt(name), file), 'utf8') : '';
const sizeIn = (note: string) => Number(note.split('\n')[1] ?? 0);
const verify = (names: string[], key: string, ...more: string[]) => {
  const folders = names.flatMap((name) => ['--site', site(name)]);
  return voxkeep(['ledger', 'verify', ...folders, '--key', key, '--wait', '0', ...more]);
};
const actions = (name: string, key: string) =>
  readLedger(ledgerAt(name), key).entries.map((entry) => JSON.parse(entry.toString()).action);

async function trust(key: string): Promise<void> {
  await witness.kill('SIGTERM');
  witness.trust(key);
  await witness.start();
}

/** The machine, headquarters and branch are gone. */
async function recoverFromCloud(): Promise<void> {
  const accounts = join(archive.data, 'demo-accounts.json');
  const saved = readFileSync(accounts);
  for (const gone of [site('hq'), site('branch'), archive.data]) rmSync(gone, { recursive: true });
  const { keys, data } = archive;
  const parts = { folder, siteFolder: site('cloud'), keys, data, env: required };
  await rebuildFrom('cloud', parts);
  writeFileSync(accounts, saved);
}

beforeAll(async () => {
  witness = new WitnessProcess(join(folder, 'witness'), 'witness.example/branch');
  await witness.start();
  writeFileSync(
    witnessed.VOXKEEP_WITNESSES,
    `- url: ${witness.url}\n  key: ${witness.verifierKey}\n`,
  );
  const words = await archive.start(['--empty'], [], witnessed);
  const [, token] = /setup\?token=(\S+)/.exec(words) ?? [];
  const first = { token, ...admin, displayName: 'First', personId: 'P-1' };
  await archive.asNobody('POST', '/setup', Buffer.from(JSON.stringify(first)), JSON_BODY);
  const accounts = { accounts: [admin], apiKey: '' };
  writeFileSync(join(archive.data, 'demo-accounts.json'), JSON.stringify(accounts));
  ({ verifierKey: oldKey } = await ledger());
  await until(() => actions('cloud', oldKey).includes('journal.snapshot'));
  await trust(oldKey);
}, 240_000);
afterAll(async () => {
  await archive.stop();
  archive.remove();
  await witness.kill();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('a recovery that lost what a witness has seen opens a successor; nothing is answered before the witness is told', async () => {
  await act();
  await until(() => fileAt('cloud', 'witnessed') !== '');
  renameSync(site('cloud'), site('cloud.away'));
  const reached = sizeIn(fileAt('cloud.away', 'checkpoint'));
  await act();
  await until(() => sizeIn(fileAt('hq', 'witnessed')) > reached);
  await archive.stop();
  copyFileSync(join(ledgerAt('hq'), 'checkpoint'), kept);
  rmSync(site('cloud'), { recursive: true, force: true });
  renameSync(site('cloud.away'), site('cloud'));
  const left = readLedger(ledgerAt('cloud'), oldKey);
  await recoverFromCloud();

  const words = await archive.start([], [], required).catch(String);
  expect(words).toContain('LEDGER_UNAVAILABLE');
  [newKey = ''] = /\S+\/2\+\S+/.exec(words) ?? [];
  expect(newKey.split('+')[0]).toBe(`${oldKey.split('+')[0]}/2`);
  const refused = await witness.ask(
    'POST',
    '/add-checkpoint',
    `old 0\n\n${fileAt('hq', 'checkpoint')}`,
  );
  expect(refused.status).toBe(404);

  await trust(newKey);
  await archive.start([], [], required);
  expect(await ledger()).toMatchObject({ verifierKey: newKey, healthy: true });
  await until(async () => (await ledger()).witnessed);
  const { alarms } = await archive.json<NoticesView>(admin.username, '/notices');
  expect(alarms.map(({ detail }) => detail['code'])).toContain('LEDGER_SUCCEEDED');
  await archive.stop();

  const now = readLedger(ledgerAt('hq'), newKey);
  expect(now.entries.slice(0, left.size)).toEqual(left.entries);
  expect(JSON.parse(String(now.entries[left.size]))).toMatchObject({
    action: 'ledger.succeed',
    detail: { size: left.size, root: left.rootHex, previous: oldKey.split('+')[0] },
  });
}, 240_000);

test('whoever has the new key verifies each site; the old key names the new one, an old checkpoint what is lost', () => {
  const quorum = ['--witness', witness.verifierKey, '--quorum', '1'];
  const both = verify(['hq', 'cloud'], newKey, ...quorum);
  expect([both.status, both.stdout.match(/: OK .*\n.*notice: .* SUCCEEDED /g)?.length]).toEqual([
    0, 2,
  ]);
  const byOldKey = verify(['hq'], oldKey);
  expect([byOldKey.status, byOldKey.stdout]).toEqual([8, expect.stringContaining('SUCCEEDED_BY')]);
  const lost = verify(['hq'], newKey, '--against', kept);
  expect([lost.status, lost.stdout]).toEqual([8, expect.stringContaining(' LOST ')]);
});

test('a second recovery goes on under the same name', async () => {
  const { size } = readLedger(ledgerAt('cloud'), newKey);
  await recoverFromCloud();
  await archive.start([], [], required);
  expect(await ledger()).toMatchObject({ verifierKey: newKey, healthy: true });
  await archive.stop();
  expect(actions('hq', newKey).slice(size)).toContain('archive.rebuild');
  expect(actions('hq', newKey).filter((one) => one === 'ledger.succeed')).toHaveLength(1);
}, 240_000);
