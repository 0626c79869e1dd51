import {
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type JsonWebKey,
} from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hpkeOpen, hpkeSeal, publicKeyOf } from './hpke.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 9180, A.1.1: the base mode of the same KEM and KDF with AES-128-GCM, its first message. */
const RFC = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  skE: hex('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'),
  pkE: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
  pkR: hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
  aad: hex('436f756e742d30'),
  plain: hex('4265617574792069732074727574682c20747275746820626561757479'),
  sealed: hex(
    'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
  ),
};

/** HPKE once more, from the RFC: keys as JWK, HKDF by the library's own, every AES-GCM. */
function sealed(aead: 1 | 2, input: Parameters<typeof hpkeSeal>[0]): Buffer {
  const { publicKey, ephemeral, info, associated, plain } = input;
  const jwk = (x: Buffer, d?: Buffer): JsonWebKey => ({
    ...{ kty: 'OKP', crv: 'X25519', x: x.toString('base64url') },
    ...(d === undefined ? {} : { d: d.toString('base64url') }),
  });
  const enc = publicKeyOf(ephemeral);
  const dh = diffieHellman({
    privateKey: createPrivateKey({ key: jwk(enc, ephemeral), format: 'jwk' }),
    publicKey: createPublicKey({ key: jwk(publicKey), format: 'jwk' }),
  });
  const text = (label: string) => Buffer.from(`HPKE-v1${label}`);
  // Extract and expand are one call here: HKDF of (salt, labelled key, labelled info).
  const derive = (
    suite: Buffer,
    salt: Buffer,
    from: readonly [string, Buffer],
    to: readonly [string, Buffer],
    size: number,
  ) => {
    const key = Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(from[0]), from[1]]);
    const about = Buffer.concat([Buffer.of(0, size), text(''), suite, Buffer.from(to[0]), to[1]]);
    return Buffer.from(hkdfSync('sha256', key, salt, about, size));
  };
  const none = Buffer.alloc(0);
  const kem = Buffer.from('KEM\x00\x20', 'latin1');
  const suite = Buffer.from(`HPKE\x00\x20\x00\x01\x00${String.fromCharCode(aead)}`, 'latin1');
  const both = Buffer.concat([enc, publicKey]);
  const shared = derive(kem, none, ['eae_prk', dh], ['shared_secret', both], 32);
  const hashed = (label: string, input: Buffer) =>
    createHmac('sha256', Buffer.alloc(32))
      .update(text(''))
      .update(suite)
      .update(label)
      .update(input)
      .digest();
  const context = Buffer.concat([
    Buffer.of(0),
    hashed('psk_id_hash', none),
    hashed('info_hash', info),
  ]);
  const size = aead === 1 ? 16 : 32;
  const key = derive(suite, shared, ['secret', none], ['key', context], size);
  const nonce = derive(suite, shared, ['secret', none], ['base_nonce', context], 12);
  const cipher = createCipheriv(aead === 1 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  return Buffer.concat([enc, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const bytes = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((one) => Buffer.from(one));
const some = fc.uint8Array({ maxLength: 200 }).map((one) => Buffer.from(one));

it('the judge of these tests gives what the RFC gives', () => {
  const { info, skE, pkE, pkR, aad, plain } = RFC;
  expect(publicKeyOf(skE)).toEqual(pkE);
  const input = { publicKey: pkR, ephemeral: skE, info, associated: aad, plain };
  expect(sealed(1, input)).toEqual(Buffer.concat([pkE, RFC.sealed]));
});

it('seals as another program does, and opens what that sealed', () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(32),
      some,
      some,
      some,
      (own, ephemeral, info, associated, plain) => {
        const input = { publicKey: publicKeyOf(own), ephemeral, info, associated, plain };
        const theirs = sealed(2, input);
        expect(hpkeSeal(input)).toEqual(theirs);
        expect(hpkeOpen({ privateKey: own, info, associated, sealed: theirs })).toEqual(plain);
      },
    ),
    { numRuns: 50 },
  );
});

it('opens nothing with another key, other words around it, a bent bit or a cut', () => {
  const privateKey = Buffer.alloc(32, 7);
  const associated = Buffer.from('a');
  const info = Buffer.from('i');
  const about = { publicKey: publicKeyOf(privateKey), ephemeral: Buffer.alloc(32, 9) };
  const whole = hpkeSeal({ ...about, info, associated, plain: Buffer.from('keys') });
  const open = (more: Partial<Parameters<typeof hpkeOpen>[0]>) =>
    hpkeOpen({ privateKey, info, associated, sealed: whole, ...more });
  expect(open({})?.toString()).toBe('keys');
  expect(open({ privateKey: Buffer.alloc(32, 8) })).toBeUndefined();
  expect(open({ info: Buffer.from('j') })).toBeUndefined();
  expect(open({ associated: Buffer.from('b') })).toBeUndefined();
  for (let size = 0; size < whole.length; size += 1) {
    expect(open({ sealed: whole.subarray(0, size) })).toBeUndefined();
  }
  for (let bit = 0; bit < whole.length * 8; bit += 1) {
    // X25519 passes over the highest bit of a public key, but the key is in the schedule.
    const bent = Buffer.from(whole);
    bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open({ sealed: bent })).toBeUndefined();
  }
  expect(open({ sealed: Buffer.concat([Buffer.alloc(32), whole.subarray(32)]) })).toBeUndefined();
});
