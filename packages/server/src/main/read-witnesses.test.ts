import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cosigner, noteSigner } from '@voxkeep/proof';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWitnesses } from './read-witnesses.ts';

const keyOf = (name: string) => cosigner(`witness.test/${name}`, Buffer.alloc(32, 1)).vkey;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxkeep-witnesses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(yaml: string, more: { witnessQuorum?: number; witnessRequired?: boolean } = {}) {
  const witnesses = join(folder, 'witnesses.yaml');
  writeFileSync(witnesses, yaml);
  return readWitnesses({ witnesses, witnessRequired: false, ...more });
}
const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: Error) => error.message,
  );

test('without a list there is no witness, and a quorum of none is refused', async () => {
  expect(await readWitnesses({ witnessRequired: false })).toMatchObject({ quorum: 0 });
  const required = messageOf(readWitnesses({ witnessRequired: true }));
  expect(await required).toContain('VOXKEEP_WITNESSES');
});

test('it takes more than half of the witnesses unless told otherwise', async () => {
  const list = ['a', 'b', 'c'].map(
    (name) => `- url: https://${name}.test\n  key: ${keyOf(name)}\n`,
  );
  const { witnesses, quorum } = await read(list.join(''));
  expect([witnesses.map(({ name }) => name), quorum]).toEqual([
    ['witness.test/a', 'witness.test/b', 'witness.test/c'],
    2,
  ]);
  expect((await read(list.join(''), { witnessQuorum: 3 })).quorum).toBe(3);
});

test('every problem of the list is named at once', async () => {
  const logKey = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1)).vkey;
  const message = await messageOf(
    read(
      `- url: https://a.test\n  key: ${logKey}\n` +
        `- url: http://b.test\n  key: ${keyOf('b')}\n  tokenFile: token\n` +
        `- url: https://c.test\n  key: ${keyOf('b')}\n`,
      { witnessQuorum: 4 },
    ),
  );
  for (const part of [
    'witness 1: key',
    'https only',
    'token: cannot be read',
    'one name',
    '3 are',
  ]) {
    expect(message).toContain(part);
  }
  expect(await messageOf(read('- url: ftp://a.test\n  key: x\n'))).toContain('1/url');
  expect(await messageOf(read('colour: red\n'))).toContain('the list');
});
