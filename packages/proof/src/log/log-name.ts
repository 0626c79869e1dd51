import { ED25519_NOTE, encodeVkey, parseVkey } from './verifier-key.ts';

/** What a successor's name ends with. */
const NUMBERED = /^(.+)\/([2-9]|[1-9]\d{1,5})$/;

/**
 * The name under which a log goes on that has lost entries somebody has seen: `voxkeep/a` is followed by
 * `voxkeep/a/2`, that by `voxkeep/a/3`. The key stays, and with it who speaks; but the verifier key is
 * another, so that nobody takes the one log for the other.
 */
export function nextLogName(origin: string): string {
  const { base, number } = partsOf(origin);
  return `${base}/${number + 1}`;
}

/** Whether the one log may have been followed, at once or by way of others, by the other one. */
export function isEarlierName(one: string, other: string): boolean {
  const [earlier, later] = [partsOf(one), partsOf(other)];
  return earlier.base === later.base && earlier.number < later.number;
}

/** Whether a name is that of a successor. */
export function isSuccessorName(origin: string): boolean {
  return partsOf(origin).number > 1;
}

/** The verifier key of the same key under another log's name. Throws LOG_KEY_BAD. */
export function vkeyNamed(vkey: string, origin: string): string {
  const { key } = parseVkey(vkey, ED25519_NOTE);
  return encodeVkey(
    origin,
    ED25519_NOTE,
    key.export({ format: 'der', type: 'spki' }).subarray(-32),
  );
}

function partsOf(origin: string): { base: string; number: number } {
  const [, base, number] = NUMBERED.exec(origin) ?? [];
  return base === undefined ? { base: origin, number: 1 } : { base, number: Number(number) };
}
