import { ScimRefused } from './scim-error.ts';

/**
 * `userName eq "x"` or `externalId eq "x"` (RFC 7644, 3.4.2.2; external is the person number).
 * Undefined for no filter. Throws SCIM_INVALID for any other.
 */
export function readFilter(
  filter: string | undefined,
): { username: string } | { personId: string } | undefined {
  if (filter === undefined) return undefined;
  const [, attribute = '', text = ''] =
    /^\s*(username|externalid)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(filter) ?? [];
  if (attribute === '') {
    throw new ScimRefused('invalidFilter', 'known are userName eq "…" and externalId eq "…"');
  }
  const value = quoted(text);
  return attribute.toLowerCase() === 'username' ? { username: value } : { personId: value };
}

function quoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new ScimRefused('invalidFilter', 'the value is not a JSON string');
  }
}
