import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
const DIGITS = 6;
/** Of SHA-1's length (RFC 4226, 4). */
export const TOTP_SECRET_BYTES = 20;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The address that an authenticator app takes. */
export function totpUri(secret: Uint8Array, username: string): string {
  const label = `Voxkeep:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Voxkeep&digits=${DIGITS}&period=30`;
}

/** RFC 6238 with SHA-1, 30 seconds and six digits; clocks may differ by one step (5.2). */
export function isTotp(secret: Uint8Array, code: string, now: Date): boolean {
  const step = Math.floor(now.getTime() / STEP_MS);
  const given = Buffer.from(code);
  return [step - 1, step, step + 1]
    .map((at) => Buffer.from(codeAt(secret, at)))
    .some((right) => right.length === given.length && timingSafeEqual(right, given));
}

/** RFC 4226, 5.3. */
function codeAt(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const value = mac.readUInt32BE((mac[19] ?? 0) & 15) & 0x7fffffff;
  return String(value % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** RFC 4648, 6, without padding. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}
