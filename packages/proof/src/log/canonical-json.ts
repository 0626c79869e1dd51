import { createHash } from 'node:crypto';

/**
 * The text of a JSON value by RFC 8785: names in the order of their UTF-16 units, no space, numbers and
 * texts as ECMAScript writes them. Throws TypeError for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  const text: string | undefined = JSON.stringify(value);
  const odd = typeof value === 'number' && !Number.isFinite(value);
  if (text === undefined || odd) throw new TypeError('value has no JSON form');
  return text;
}

/** SHA-256 of the canonical JSON of a value, in hex with a letter in front, as an entry of the ledger names it. */
export function canonicalDigest(value: unknown): string {
  return `d${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
