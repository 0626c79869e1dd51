import { createHash, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Assertion, SoftwareAuthenticator, type Twist } from './authenticator.ts';
import { type Cbor, encodeCbor } from './cbor.ts';

const PLACE = { origin: 'https://localhost:8443', rpId: 'localhost' };
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');
const bytes = (text: string) => Buffer.from(text, 'base64url');
const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest();

/** WebAuthn Level 3, 7.2, as far as a signature goes. */
function verifies(key: SoftwareAuthenticator, { response }: Assertion): boolean {
  const clientData = bytes(response.clientDataJSON);
  const signed = Buffer.concat([bytes(response.authenticatorData), sha256(clientData)]);
  return verify('sha256', signed, key.publicKey, bytes(response.signature));
}

it('encodes the examples of RFC 8949, appendix A', () => {
  const examples: [Cbor, string][] = [
    ...([0, 23, 24, 100, 1000, 1_000_000].map((n, at) => [
      n,
      ['00', '17', '1818', '1864', '1903e8', '1a000f4240'][at],
    ]) as [Cbor, string][]),
    ...([-1, -100, -1000].map((n, at) => [n, ['20', '3863', '3903e7'][at]]) as [Cbor, string][]),
    [Buffer.from('01020304', 'hex'), '4401020304'],
    ['IETF', '6449455446'],
    ['水', '63e6b0b4'],
    [new Map(), 'a0'],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      'a201020304',
    ],
  ];
  for (const [value, hex] of examples) expect(encodeCbor(value).toString('hex')).toBe(hex);
});

it('registers a credential whose key, id, flags and place stand where WebAuthn says', () => {
  const key = new SoftwareAuthenticator(PLACE);
  const { response, id } = key.register(CHALLENGE);
  const clientData = JSON.parse(bytes(response.clientDataJSON).toString());
  expect(clientData).toMatchObject({
    type: 'webauthn.create',
    challenge: CHALLENGE,
    origin: PLACE.origin,
  });
  const attestation = bytes(response.attestationObject);
  const authData = attestation.subarray(attestation.indexOf(sha256(PLACE.rpId)));
  expect(authData[32]).toBe(0x45);
  expect(authData.readUInt16BE(53)).toBe(32);
  expect(authData.subarray(55, 87).toString('base64url')).toBe(id);
  const { x = '', y = '' } = key.publicKey.export({ format: 'jwk' });
  const cose = `a5010203262001215820${bytes(x).toString('hex')}225820${bytes(y).toString('hex')}`;
  expect(authData.subarray(87).toString('hex')).toBe(cose);
});

it('signs what was asked, and a counter that rises', () => {
  const key = new SoftwareAuthenticator(PLACE);
  const [first, second] = [key.assert(CHALLENGE), key.assert(CHALLENGE)];
  expect([verifies(key, first), verifies(key, second)]).toEqual([true, true]);
  const counters = [first, second].map(({ response }) =>
    bytes(response.authenticatorData).readUInt32BE(33),
  );
  expect(counters).toEqual([1, 2]);
});

it('twists one thing and nothing else', () => {
  const key = new SoftwareAuthenticator(PLACE);
  const told = (twist: Twist) => {
    const made = key.assert(CHALLENGE, twist);
    const data = bytes(made.response.authenticatorData);
    const client = JSON.parse(bytes(made.response.clientDataJSON).toString());
    return {
      ...{ good: verifies(key, made), own: made.id === key.credentialId, flags: data[32] },
      ...{ home: data.subarray(0, 32).equals(sha256(PLACE.rpId)), origin: client.origin },
      ...{ challenge: client.challenge, type: client.type },
    };
  };
  const honest = told({});
  expect(honest).toMatchObject({ good: true, own: true, flags: 5, home: true });
  expect(told({ damaged: true })).toEqual({ ...honest, good: false });
  expect(told({ otherKey: true })).toEqual({ ...honest, good: false });
  expect(told({ userVerified: false })).toEqual({ ...honest, flags: 1 });
  expect(told({ userPresent: false })).toEqual({ ...honest, flags: 4 });
  expect(told({ rpId: 'elsewhere' })).toEqual({ ...honest, home: false });
  expect(told({ origin: 'https://x' })).toEqual({ ...honest, origin: 'https://x' });
  expect(told({ challenge: 'AA' })).toEqual({ ...honest, challenge: 'AA' });
  expect(told({ type: 'webauthn.create' })).toEqual({ ...honest, type: 'webauthn.create' });
  expect(told({ credentialId: 'AA' })).toEqual({ ...honest, own: false });
});
