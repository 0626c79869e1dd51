import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Cbor, encodeCbor } from './cbor.ts';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const CREDENTIAL_INCLUDED = 0x40;

/** What a dishonest or broken authenticator, or whoever sits before it, does otherwise. */
export interface Twist {
  origin?: string;
  rpId?: string;
  /** In base64url, instead of the one that was asked for. */
  challenge?: string;
  /** `webauthn.get` where `webauthn.create` is due, and the other way round. */
  type?: string;
  userVerified?: boolean;
  userPresent?: boolean;
  crossOrigin?: boolean;
  /** Flips a bit of the signature. */
  damaged?: boolean;
  /** Signs with a key of its own under the credential's id. */
  otherKey?: boolean;
  /** Names another credential. */
  credentialId?: string;
}

/** As `navigator.credentials.create()` gives it, in WebAuthn's JSON. */
export interface Registration {
  id: string;
  rawId: string;
  type: 'public-key';
  response: { clientDataJSON: string; attestationObject: string; transports: string[] };
  clientExtensionResults: Record<string, never>;
}

/** As `navigator.credentials.get()` gives it, in WebAuthn's JSON. */
export interface Assertion {
  id: string;
  rawId: string;
  type: 'public-key';
  response: { clientDataJSON: string; authenticatorData: string; signature: string };
  clientExtensionResults: Record<string, never>;
}

/**
 * A passkey in software (WebAuthn Level 3): ES256, attestation `none`, the user present and verified.
 * Written from the specification, and from nothing that the archive uses to verify.
 */
export class SoftwareAuthenticator {
  readonly credentialId: string = randomBytes(32).toString('base64url');
  readonly #origin: string;
  readonly #rpId: string;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #counter = 0;

  constructor(place: { origin: string; rpId: string }) {
    this.#origin = place.origin;
    this.#rpId = place.rpId;
  }

  /** Makes the credential for a challenge in base64url. */
  register(challenge: string, twist: Twist = {}): Registration {
    const clientData = this.#clientData('webauthn.create', challenge, twist);
    const id = Buffer.from(this.credentialId, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = [Buffer.alloc(16), length, id, encodeCbor(coseKey(this.#keys.publicKey))];
    const authData = Buffer.concat([this.#authData(CREDENTIAL_INCLUDED, twist), ...attested]);
    const attestation = encodeCbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    return {
      ...this.#credential(twist),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  /** Signs a challenge in base64url. */
  assert(challenge: string, twist: Twist = {}): Assertion {
    const clientData = this.#clientData('webauthn.get', challenge, twist);
    this.#counter += 1;
    const authData = this.#authData(0, twist);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const { privateKey } = twist.otherKey
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : this.#keys;
    const signature = sign('sha256', signed, privateKey);
    if (twist.damaged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
    return {
      ...this.#credential(twist),
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    };
  }

  get publicKey(): KeyObject {
    return this.#keys.publicKey;
  }

  #credential(twist: Twist) {
    const id = twist.credentialId ?? this.credentialId;
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string, twist: Twist): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? challenge,
        origin: twist.origin ?? this.#origin,
        crossOrigin: twist.crossOrigin ?? false,
      }),
    );
  }

  #authData(more: number, twist: Twist): Buffer {
    const present = (twist.userPresent ?? true) ? USER_PRESENT : 0;
    const verified = (twist.userVerified ?? true) ? USER_VERIFIED : 0;
    const tail = Buffer.alloc(5);
    tail[0] = present | verified | more;
    tail.writeUInt32BE(this.#counter, 1);
    const rpIdHash = createHash('sha256')
      .update(twist.rpId ?? this.#rpId)
      .digest();
    return Buffer.concat([rpIdHash, tail]);
  }
}

/** EC2, ES256, P-256 (RFC 9053, 7.1.1). */
function coseKey(key: KeyObject): Map<number, number | Buffer> {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return new Map<number, number | Buffer>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
}
