/** Names and values that may stand where nothing personal may: ids, codes, counts and digests. */
export type PlainFacts = Record<string, string | number | boolean>;

/** A token, not a text: nothing that a person would have written or said fits. */
const TOKEN = /^[\x21-\x7e]{1,256}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
/** Digits alone are a number, or somebody's number. */
const SOMEBODYS_NUMBER = /^\+?[0-9]{7,}[Xx]?$/;
const MOST_FACTS = 64;

/**
 * 32 of the 64 hex digits of a digest, to stand as a token: the first half, or the second where the first has no letter
 * and would be taken for somebody's number.
 */
export function halfDigest(hex: string): string {
  const half = hex.slice(0, 32);
  return SOMEBODYS_NUMBER.test(half) ? hex.slice(32, 64) : half;
}

/** Why `value` is no id or code; undefined when it is one. */
export function tokenFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || !TOKEN.test(value)) return 'is not a token';
  return SOMEBODYS_NUMBER.test(value) ? 'looks like a personal number' : undefined;
}

/** What is wrong with the facts, and at which `field`; undefined when they are ids, codes and counts. */
export function factsFault(
  facts: Readonly<Record<string, unknown>>,
  where: string,
): { field: string; fault: string } | undefined {
  const pairs = Object.entries(facts);
  if (pairs.length > MOST_FACTS) {
    return { field: where, fault: `has more than ${MOST_FACTS} fields` };
  }
  for (const [name, value] of pairs) {
    if (!NAME.test(name)) return { field: where, fault: 'has a field whose name is no name' };
    const fault = valueFault(value);
    if (fault !== undefined) return { field: `${where}/${name}`, fault };
  }
  return undefined;
}

function valueFault(value: unknown): string | undefined {
  if (typeof value === 'string') return tokenFault(value);
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'is not finite';
  return typeof value === 'boolean' ? undefined : 'is neither text, number nor boolean';
}
