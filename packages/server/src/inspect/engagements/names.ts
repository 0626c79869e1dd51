import { namesOf as namesOfAccounts } from '../../access/index.ts';
import type { Db } from '../../core/database.ts';

/** What accounts are called today. */
export type Names = ReadonlyMap<string, string>;

export const namesOf = (db: Db, ids: readonly (string | null)[]): Promise<Names> =>
  namesOfAccounts(
    db,
    ids.filter((id) => id !== null),
  );

/** An account with its name, where it has one. */
export function partyIn(names: Names, id: string): { id: string; name?: string } {
  const name = names.get(id);
  return { id, ...(name === undefined ? {} : { name }) };
}
