import type { PasskeyIn } from '@voxkeep/contract';
import { readCbor } from './read-cbor.ts';

/** Hexadecimal digits: enough that no second key with the same ones can be found, few enough to say. */
const DIGITS = 20;
const GROUP = 4;

/** Labels of the members that make a key (RFC 9053; RFC 8230), in the order of their encodings. */
const MEMBERS = new Map<unknown, readonly number[]>([
  // OKP: kty, crv, x
  [1, [1, -1, -2]],
  // EC2: kty, crv, x, y
  [2, [1, -1, -2, -3]],
  // RSA: kty, n, e
  [3, [1, -1, -2]],
]);
/** Of authenticator data, WebAuthn 6.1: RP id hash, flags, counter; then AAGUID and length of the id. */
const HEAD_BYTES = 37;
const AAGUID_BYTES = 16;

/**
 * What people compare by voice: the beginning of the COSE Key Thumbprint (RFC 9679, SHA-256) of the
 * public key that this text to be signed names. Undefined when it names none.
 */
export async function fingerprintInStatement(canonical: string): Promise<string | undefined> {
  try {
    const { publicKey } = JSON.parse(canonical) as { publicKey: string };
    return await keyFingerprint(fromBase64url(publicKey));
  } catch {
    return undefined;
  }
}

/** The same of the key that an authenticator has just made, before anybody else has seen it. */
export async function fingerprintOfRegistration({
  response,
}: PasskeyIn['registration']): Promise<string | undefined> {
  try {
    const attested = readCbor(fromBase64url(response.attestationObject));
    const data = attested instanceof Map ? attested.get('authData') : undefined;
    if (!(data instanceof Uint8Array)) return undefined;
    const idAt = HEAD_BYTES + AAGUID_BYTES + 2;
    const idBytes = ((data[idAt - 2] ?? 0) << 8) | (data[idAt - 1] ?? 0);
    return await keyFingerprint(data.subarray(idAt + idBytes));
  } catch {
    return undefined;
  }
}

/** Of a COSE key in CBOR; throws when it is none of a kind that passkeys have. */
async function keyFingerprint(cose: Uint8Array): Promise<string> {
  const thumbprint = [...(await keyThumbprint(cose))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return (thumbprint.slice(0, DIGITS).match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join(' ');
}

/** RFC 9679, section 3: SHA-256 over the needed members alone, in deterministic encoding. */
export async function keyThumbprint(cose: Uint8Array): Promise<Uint8Array> {
  const key = readCbor(cose);
  const members = key instanceof Map ? MEMBERS.get(key.get(1)) : undefined;
  if (!(key instanceof Map) || members === undefined) throw new RangeError('no key of a passkey');
  const bytes = members.flatMap((label) => [
    ...encodeInteger(label),
    ...encodeMember(key.get(label)),
  ]);
  const whole = Uint8Array.of(0xa0 + members.length, ...bytes);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

function encodeMember(value: unknown): Uint8Array {
  if (typeof value === 'number') return encodeInteger(value);
  if (!(value instanceof Uint8Array)) throw new RangeError('a member is missing');
  const head = encodeHead(2, value.length);
  return Uint8Array.of(...head, ...value);
}

const encodeInteger = (value: number): Uint8Array =>
  value < 0 ? encodeHead(1, -1 - value) : encodeHead(0, value);

/** Deterministic (RFC 8949, 4.2.1): as short as it can be. */
function encodeHead(major: number, size: number): Uint8Array {
  const top = major << 5;
  if (size < 24) return Uint8Array.of(top | size);
  if (size < 256) return Uint8Array.of(top | 24, size);
  if (size < 65_536) return Uint8Array.of(top | 25, size >> 8, size & 255);
  throw new RangeError('too large for a key');
}

function fromBase64url(text: string): Uint8Array {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
