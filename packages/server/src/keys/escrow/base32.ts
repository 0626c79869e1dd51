/** Digits and letters without I, L, O and U: none is taken for another. */
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** Crockford's base32: five bits a symbol, the last one filled up with zero bits. */
export function base32Of(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += SYMBOLS[(held >> bits) & 31];
    }
    held &= 31;
  }
  return bits === 0 ? text : text + SYMBOLS[(held << (5 - bits)) & 31];
}

/** Undefined for what is no base32 of whole bytes: a strange symbol, or bits left over that are not 0. */
export function bytesOfBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const symbol of text) {
    const value = SYMBOLS.indexOf(symbol);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
    held &= 255;
  }
  return bits >= 5 || (held & ((1 << bits) - 1)) !== 0 ? undefined : Buffer.from(bytes);
}

/** What was meant when a person typed it: any case, dashes or not, O for 0, I and L for 1. */
export const asTyped = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[OIL]/g, (letter) => MISREAD[letter] ?? letter);

/** In groups of four, which people read and type without losing their place. */
export const grouped = (symbols: string): string => symbols.match(/.{1,4}/g)?.join('-') ?? '';
