import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { unwrapKey } from '../../oracle/read-sealed-object.ts';

/** What an old copy of the catalog says of a call: none of it is plain. */
export interface OldRow {
  id: string;
  tier: string;
  objects: string[];
  phoneIndex: string;
  tokens: Set<number>;
}

export async function oldRows(sql: pg.Pool): Promise<OldRow[]> {
  const { rows } = await sql.query(
    `select r.id, r.tier, c.phone_index::text as "phoneIndex", t.tokens,
       array(select o.id::text from sealed_object o where o.record_id = r.id) as objects
     from record r join call c on c.id = r.id join call_text t on t.id = r.id
     where r.state = 'archived' order by r.id`,
  );
  return (rows as (Omit<OldRow, 'tokens'> & { tokens: number[] })[]).map((row) => ({
    ...row,
    tokens: new Set(row.tokens),
  }));
}

/** The keys of the blind indexes that a key folder has, by name: docs/FORMAT.md alone. */
export function indexKeysIn(folder: string): { name: string; key: Buffer }[] {
  const master = readFileSync(join(folder, 'master.key'));
  return readdirSync(folder)
    .filter((name) => /^index-.*\.wrapped$/.test(name))
    .map((name) => ({ name, key: unwrapKey(master, readFileSync(join(folder, name))) }));
}

/** How many of a call's facts are told by trying what is known to have been said, and the number, with each key. */
export function guessed(
  row: OldRow,
  known: { phone: string; words: readonly string[] },
  keys: readonly { key: Buffer }[],
): number {
  let told = 0;
  for (const { key } of keys) {
    const phone = createHmac('sha256', key).update(`phone\0${known.phone}`).digest();
    if (String(phone.readBigInt64BE(0)) === row.phoneIndex) told += 1;
    for (const word of known.words) {
      const hash = createHmac('sha256', key).update(word).digest().readInt32BE(0);
      if (row.tokens.has(hash)) told += 1;
    }
  }
  return told;
}

/** Every pair of neighbouring characters of what was said. */
export function pairsOf(texts: readonly string[]): string[] {
  const pairs = new Set<string>();
  for (const text of texts) {
    for (const [run] of text.matchAll(/\p{Script=Han}+/gu)) {
      for (let at = 0; at + 1 < run.length; at += 1) pairs.add(run.slice(at, at + 2));
    }
  }
  return [...pairs];
}
