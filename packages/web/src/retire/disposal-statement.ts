import type { DisposalRunView } from '@voxkeep/contract';

/** A list as this browser fetched it: how many records, and the digest over their ids. */
export interface ListDigest {
  records: number;
  digest: string;
}

/** As the key room reckons it: a letter, then the hex SHA-256 of the sorted ids, a line each. */
export async function digestOfIds(ids: readonly string[]): Promise<string> {
  const text = ids
    .toSorted()
    .map((id) => `${id}\n`)
    .join('');
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `r${hex.join('')}`;
}

/**
 * Whether the text that is about to be signed says what the page shows of a list: the same list and
 * proposer, its day and its time to decide, and exactly the records that this browser fetched. An archive
 * that shows one list and has another signed is found out here.
 */
export function saysTheRun(canonical: string, run: DisposalRunView, list: ListDigest): boolean {
  const said = parse(canonical);
  if (said === undefined) return false;
  return (
    said['format'] === 'voxkeep/disposal-run/v1' &&
    said['runId'] === run.id &&
    said['kind'] === run.kind &&
    said['asOf'] === run.asOf &&
    said['records'] === run.records &&
    list.records === run.records &&
    said['digest'] === list.digest &&
    sameProposer(said['proposer'], run.proposedBy.id) &&
    sameInstant(said['decideBy'], run.decideBy)
  );
}

/** What the archive proposed by its rules names nobody. */
function sameProposer(said: unknown, shown: string): boolean {
  if (said === undefined) return shown === 'archive';
  return isObject(said) && said['account'] === shown;
}

function sameInstant(said: unknown, shown: string): boolean {
  return typeof said === 'string' && Date.parse(said) === Date.parse(shown);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
