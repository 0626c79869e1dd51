import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  fingerprintInStatement,
  fingerprintOfRegistration,
  keyThumbprint,
} from './key-fingerprint.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const statement = (cose: Buffer) =>
  JSON.stringify({ format: 'voxkeep/passkey/v1', publicKey: cose.toString('base64url') });

/** What `navigator.credentials.create()` gives, with attestation "none" and `after` behind the key. */
function registration(cose: Buffer, after = Buffer.alloc(0), idBytes = 300) {
  const id = Buffer.alloc(idBytes, 7);
  const data = Buffer.concat([
    ...[Buffer.alloc(32, 1), Buffer.of(after.length > 0 ? 0xc5 : 0x45), Buffer.alloc(4)],
    ...[Buffer.alloc(16), Buffer.of(id.length >> 8, id.length & 255), id, cose, after],
  ]);
  const attestation = Buffer.concat([
    ...[hex('a363666d74646e6f6e656761747453746d74a068'), Buffer.from('authData')],
    ...[Buffer.of(0x59, data.length >> 8, data.length & 255), data],
  ]);
  const text = id.toString('base64url');
  const response = { clientDataJSON: '', attestationObject: attestation.toString('base64url') };
  return {
    ...{ id: text, rawId: text, type: 'public-key' as const, clientExtensionResults: {} },
    response,
  };
}

const X = '65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d';
const Y = '1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c';
const EC2 = hex(`a5 0102 0326 2001 215820${X} 225820${Y}`);
/** SHA-256 of the members in their one encoding, put together here by hand. */
const expected = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the thumbprint is that of the example in RFC 9679, section 6', async () => {
  // There with a key id beside it, which does not count.
  const withId = hex(`a5 0102 025820${'6b'.repeat(32)} 2001 215820${X} 225820${Y}`);
  const told = '496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec';
  expect(Buffer.from(await keyThumbprint(withId)).toString('hex')).toBe(told);
  expect(await fingerprintInStatement(statement(EC2))).toBe('496b d8af adf3 07e5 b08c');
});

test('owner and confirmers read the same, whatever else the authenticator says', async () => {
  const said = await fingerprintInStatement(statement(EC2));
  expect(await fingerprintOfRegistration(registration(EC2))).toBe(said);
  // {"credProtect": 2}
  const extensions = hex('a16b6372656450726f7465637402');
  expect(await fingerprintOfRegistration(registration(EC2, extensions, 16))).toBe(said);
  // The same members in another order and with longer lengths than needed.
  const odd = hex(`a5 22590020${Y} 21590020${X} 2001 0326 0102`);
  expect(await fingerprintInStatement(statement(odd))).toBe(said);
});

test('another key reads otherwise: one bit of x, of y, another curve', async () => {
  const said = await fingerprintInStatement(statement(EC2));
  for (const at of [3, EC2.indexOf(hex(X)), EC2.indexOf(hex(Y)), 6]) {
    const other = Buffer.from(EC2);
    other[at] = (other[at] ?? 0) ^ 1;
    const read = await fingerprintInStatement(statement(other));
    // The algorithm is no part of the key itself.
    if (at === 3) expect(read).toBe(said);
    else expect(read).not.toBe(said);
  }
});

test('keys of the other two kinds have theirs', async () => {
  const okp = hex(`a4 0101 0327 2006 215820${X}`);
  const members = hex(`a3 0101 2006 215820${X}`);
  expect((await fingerprintInStatement(statement(okp)))?.replaceAll(' ', '')).toBe(
    expected(members).slice(0, 20),
  );
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    format: 'jwk',
  });
  const modulus = Buffer.from(n, 'base64url');
  const rsa = Buffer.concat([hex('a4 0103 03390100 20590100'), modulus, hex('2143010001')]);
  const same = Buffer.concat([hex('a3 0103 20590100'), modulus, hex('2143010001')]);
  expect(await fingerprintInStatement(statement(rsa))).toBe(
    await fingerprintOfRegistration(registration(rsa)),
  );
  expect((await fingerprintInStatement(statement(rsa)))?.replaceAll(' ', '')).toBe(
    expected(same).slice(0, 20),
  );
});

test('what is no key has none, and nothing breaks', async () => {
  for (const text of ['', '{', 'null', '{}', '{"publicKey":7}', '{"publicKey":"*"}']) {
    expect(await fingerprintInStatement(text), text).toBeUndefined();
  }
  const cut = [0, 1, 5, 20, EC2.length - 1].map((size) => EC2.subarray(0, size));
  for (const bytes of [...cut, hex('a1 0104'), hex('a2 0102 2001'), hex('bf'), hex('9bffffffff')]) {
    expect(await fingerprintInStatement(statement(bytes))).toBeUndefined();
    expect(await fingerprintOfRegistration(registration(bytes))).toBeUndefined();
  }
  expect(await fingerprintInStatement(statement(hex('81'.repeat(2_000))))).toBeUndefined();
});
