import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyRoot, hashLeaf, noteSigner, openCosignature, signCheckpoint } from '@voxkeep/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandError } from '../exit-codes.ts';
import { createWitness, openWitness, trustLog, type WitnessFolder } from './witness-folder.ts';
import { createWitnessServer } from './witness-server.ts';

const log = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1));
const first = signCheckpoint(log, 1, hashLeaf(Buffer.from('a')));
const fork = signCheckpoint(log, 1, hashLeaf(Buffer.from('b')));
let base: string;
let folder: string;
let vkey: string;
let open: { folder: WitnessFolder; server: Server }[];

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'voxkeep-witness-'));
  folder = join(base, 'w');
  vkey = await createWitness(folder, 'witness.test/one');
  await trustLog(folder, log.vkey);
  open = [];
});
afterEach(async () => {
  for (const one of open) await close(one);
  rmSync(base, { recursive: true, force: true });
});

async function close(one: { folder: WitnessFolder; server: Server }): Promise<void> {
  await new Promise((resolve) => one.server.close(resolve));
  await one.folder.close();
}

async function serve(token?: string): Promise<string> {
  const opened = await openWitness(folder);
  const say = () => undefined;
  const now = () => new Date('2026-11-27T00:00:00Z');
  const server = createWitnessServer(opened, { tls: undefined, token, say, now });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ folder: opened, server });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const submit = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/add-checkpoint`, { method: 'POST', body, headers });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof CommandError ? error.code : String(error)),
  );

test('its key is its own alone, and one that others may read is not used', async () => {
  const file = join(folder, 'witness.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o640);
  expect(await codeOf(openWitness(folder))).toBe('KEY_UNSAFE_MODE');
});

test('it countersigns what it has not seen contradicted, and gives it to who asks', async () => {
  const url = await serve();
  const answer = await submit(url, `old 0\n\n${first}`);
  const line = await answer.text();
  expect([answer.status, line.startsWith('— witness.test/one ')]).toEqual([200, true]);
  expect(openCosignature(first + line, vkey)?.at.toISOString()).toBe('2026-11-27T00:00:00.000Z');
  const latest = await (await fetch(`${url}/checkpoint?origin=${log.name}`)).text();
  expect(openCosignature(latest, vkey)).toBeDefined();
});

test('it answers as C2SP tlog-witness has it, and signs no fork', async () => {
  const url = await serve();
  await submit(url, `old 0\n\n${first}`);
  const stranger = noteSigner(log.name, Buffer.alloc(32, 9));
  const elsewhere = noteSigner('voxkeep.test/other', Buffer.alloc(32, 1));
  const empty = signCheckpoint(log, 0, emptyRoot());
  for (const [body, status] of [
    ['', 400],
    [`old 01\n\n${first}`, 400],
    [`old 1\nAAAA\n\n${first}`, 400],
    [`old 1\n\n${empty}`, 400],
    [`old 1\n\n${signCheckpoint(stranger, 1, emptyRoot())}`, 403],
    [`old 1\n\n${signCheckpoint(elsewhere, 1, emptyRoot())}`, 404],
    [`old 0\n\n${first}`, 409],
    [`old 1\n\n${fork}`, 409],
    [`old 1\n\n${signCheckpoint(log, 2, emptyRoot())}`, 422],
    [`old 1\n\n${first}`, 200],
  ] as const) {
    const answer = await submit(url, body);
    expect([body, answer.status]).toEqual([body, status]);
    if (status !== 409) continue;
    expect(answer.headers.get('content-type')).toBe('text/x.tlog.size');
    expect(await answer.text()).toBe('1\n');
  }
  expect((await submit(url, 'x'.repeat(70_000))).status).toBe(413);
});

test('what it signed outlives its process', async () => {
  await submit(await serve(), `old 0\n\n${first}`);
  for (const one of open.splice(0)) await close(one);
  const answer = await submit(await serve(), `old 0\n\n${fork}`);
  expect([answer.status, await answer.text()]).toEqual([409, '1\n']);
});

test('of two forks that come at once it signs one', async () => {
  const url = await serve();
  const answers = await Promise.all([first, fork].map((note) => submit(url, `old 0\n\n${note}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a second process cannot have its memory, and a lost memory signs nothing', async () => {
  await submit(await serve(), `old 0\n\n${first}`);
  expect(await codeOf(openWitness(folder))).toBe('WITNESS_IN_USE');
  for (const one of open.splice(0)) await close(one);
  const state = join(folder, 'state');
  const [name = ''] = readdirSync(state);
  const note = readFileSync(join(state, name), 'utf8');
  writeFileSync(join(state, name), note.slice(0, 40));
  expect(await codeOf(openWitness(folder))).toBe('STATE_INVALID');
});

test('with a token only who brings it is heard', async () => {
  const url = await serve('secret-token');
  const body = `old 0\n\n${first}`;
  const statusOf = async (headers: Record<string, string>) =>
    (await submit(url, body, headers)).status;
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ authorization: 'Bearer secret-tokem' })).toBe(401);
  expect(await statusOf({ authorization: 'Bearer secret-token' })).toBe(200);
});
