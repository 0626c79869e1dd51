import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Assertion } from '../../record/assertion.ts';

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest();
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** A passkey in software (ES256), for tests: signs whatever it is told to, also what is wrong. */
export class TestAuthenticator {
  readonly credentialId = randomBytes(32).toString('base64url');
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #rpId: string;
  readonly #origin: string;

  constructor(rpId = 'localhost', origin = 'https://localhost:8443') {
    this.#rpId = rpId;
    this.#origin = origin;
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    this.publicKey = Buffer.concat([
      // {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]).toString('base64url');
  }

  /** As `navigator.credentials.get()` answers to a challenge (base64url). */
  answer(
    challenge: string,
    more: { userVerified?: boolean; origin?: string; rpId?: string; type?: string } = {},
  ): Assertion {
    const { userVerified = true, origin = this.#origin, rpId = this.#rpId } = more;
    const clientData = clientDataOf(more.type ?? 'webauthn.get', challenge, origin);
    const flags = USER_PRESENT | (userVerified ? USER_VERIFIED : 0);
    const data = Buffer.concat([sha256(rpId), Buffer.of(flags), Buffer.alloc(4)]);
    const signed = Buffer.concat([data, sha256(clientData)]);
    return {
      ...{ id: this.credentialId, rawId: this.credentialId, type: 'public-key' },
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, this.#keys.privateKey).toString('base64url'),
      },
      clientExtensionResults: {},
    };
  }

  /** Signs the SHA-256 of these characters. */
  sign(canonical: string, more: Parameters<TestAuthenticator['answer']>[1] = {}): Assertion {
    return this.answer(sha256(canonical).toString('base64url'), more);
  }

  /** As `navigator.credentials.create()` answers, with attestation "none". */
  register(challenge: string) {
    const id = Buffer.from(this.credentialId, 'base64url');
    const data = Buffer.concat([
      ...[sha256(this.#rpId), Buffer.of(USER_PRESENT | USER_VERIFIED | ATTESTED), Buffer.alloc(4)],
      ...[Buffer.alloc(16), Buffer.of(0, id.length), id],
      Buffer.from(this.publicKey, 'base64url'),
    ]);
    const attestation = Buffer.concat([
      // {"fmt": "none", "attStmt": {}, "authData": h'…'} in CBOR
      ...[Buffer.from('a363666d74646e6f6e656761747453746d74a068', 'hex'), Buffer.from('authData')],
      ...[Buffer.of(0x58, data.length), data],
    ]);
    const clientData = clientDataOf('webauthn.create', challenge, this.#origin);
    return {
      ...{ id: this.credentialId, rawId: this.credentialId, type: 'public-key' as const },
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestation.toString('base64url'),
      },
      clientExtensionResults: {},
    };
  }
}

const clientDataOf = (type: string, challenge: string, origin: string) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
