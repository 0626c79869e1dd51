import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';

const KEM = Buffer.concat([Buffer.from('KEM'), Buffer.of(0x00, 0x20)]);
const SUITE = Buffer.concat([Buffer.from('HPKE'), Buffer.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02)]);
const MODE_BASE = Buffer.of(0);
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** What stands before the 32 bytes of an X25519 key in DER, RFC 8410. */
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');

/**
 * Seals to a public key: RFC 9180 in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
 * AES-256-GCM, one message. `ephemeral` is a private key that is used for this message alone. Resolves
 * to the encapsulated key (32 bytes), the ciphertext and its tag.
 */
export function hpkeSeal(options: {
  publicKey: Buffer;
  ephemeral: Buffer;
  info: Buffer;
  associated: Buffer;
  plain: Buffer;
}): Buffer {
  const { publicKey, ephemeral, info, associated, plain } = options;
  const encapsulated = publicKeyOf(ephemeral);
  const shared = sharedSecret(ephemeral, publicKey, encapsulated, publicKey);
  const { key, nonce } = schedule(shared, info);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([encapsulated, body, cipher.getAuthTag()]);
}

/** Undefined for what was not sealed to this key, or was changed since. */
export function hpkeOpen(options: {
  privateKey: Buffer;
  info: Buffer;
  associated: Buffer;
  sealed: Buffer;
}): Buffer | undefined {
  const { privateKey, info, associated, sealed } = options;
  if (sealed.length < KEY_BYTES + TAG_BYTES) return undefined;
  const encapsulated = sealed.subarray(0, KEY_BYTES);
  try {
    const own = publicKeyOf(privateKey);
    const shared = sharedSecret(privateKey, encapsulated, encapsulated, own);
    const { key, nonce } = schedule(shared, info);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce);
    decipher.setAAD(associated);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const body = sealed.subarray(KEY_BYTES, sealed.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The X25519 public key of any 32 bytes. */
export function publicKeyOf(privateKey: Buffer): Buffer {
  const der = createPublicKey(asPrivate(privateKey)).export({ type: 'spki', format: 'der' });
  return der.subarray(der.length - KEY_BYTES);
}

const asPrivate = (raw: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_DER, raw]), type: 'pkcs8', format: 'der' });
const asPublic = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_DER, raw]), type: 'spki', format: 'der' });

/** RFC 9180, section 4.1. Throws where the other key gives a secret of zeros. */
function sharedSecret(own: Buffer, other: Buffer, encapsulated: Buffer, recipient: Buffer): Buffer {
  const dh = diffieHellman({ privateKey: asPrivate(own), publicKey: asPublic(other) });
  const extracted = labeledExtract(KEM, Buffer.alloc(0), 'eae_prk', dh);
  const context = Buffer.concat([encapsulated, recipient]);
  return labeledExpand(KEM, extracted, 'shared_secret', context, 32);
}

/** RFC 9180, section 5.1, without a pre-shared key. */
function schedule(shared: Buffer, info: Buffer): { key: Buffer; nonce: Buffer } {
  const none = Buffer.alloc(0);
  const context = Buffer.concat([
    MODE_BASE,
    labeledExtract(SUITE, none, 'psk_id_hash', none),
    labeledExtract(SUITE, none, 'info_hash', info),
  ]);
  const secret = labeledExtract(SUITE, shared, 'secret', none);
  return {
    key: labeledExpand(SUITE, secret, 'key', context, KEY_BYTES),
    nonce: labeledExpand(SUITE, secret, 'base_nonce', context, 12),
  };
}

const VERSION = Buffer.from('HPKE-v1');

const labeledExtract = (suite: Buffer, salt: Buffer, label: string, input: Buffer): Buffer =>
  createHmac('sha256', salt)
    .update(Buffer.concat([VERSION, suite, Buffer.from(label), input]))
    .digest();

/** At most 32 bytes: one block of HKDF-Expand, RFC 5869. */
function labeledExpand(
  suite: Buffer,
  secret: Buffer,
  label: string,
  info: Buffer,
  sizeBytes: number,
): Buffer {
  const length = Buffer.of(0, sizeBytes);
  const labelled = Buffer.concat([length, VERSION, suite, Buffer.from(label), info, Buffer.of(1)]);
  return createHmac('sha256', secret).update(labelled).digest().subarray(0, sizeBytes);
}
