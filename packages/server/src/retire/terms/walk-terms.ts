import { ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Db, Tx } from '../../core/database.ts';
import { giveTerms, type TermDeps } from './give-term.ts';

const BATCH = 500;

export interface WalkDeps extends TermDeps {
  db: Db;
  audit: Audit;
}

/**
 * Gives every archived record its term by the rules in force, after they have changed or for the first time.
 * Resolves to false when it was broken off; it goes on from there. Rules that come into force meanwhile
 * begin anew.
 */
export async function walkTerms(deps: WalkDeps, signal?: AbortSignal): Promise<boolean> {
  for (;;) {
    if (signal?.aborted === true) return false;
    const more = await deps.db.transaction().execute((tx) => walkBatch(deps, tx));
    if (!more) return true;
  }
}

async function walkBatch(deps: WalkDeps, tx: Tx): Promise<boolean> {
  const row = await tx
    .selectFrom('retention_rules')
    .select(['number', 'reached', 'ended_at'])
    .orderBy('number', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.ended_at !== null) return false;
  let records = tx
    .selectFrom('record')
    .select('id')
    .where('archived_at', 'is not', null)
    .where('state', '!=', 'disposed')
    .orderBy('id')
    .limit(BATCH);
  if (row.reached !== null) records = records.where('id', '>', row.reached);
  const ids = (await records.execute()).map(({ id }) => id);
  await giveTerms(deps, tx, ids);
  const reached = ids.at(-1);
  await tx
    .updateTable('retention_rules')
    .set(reached === undefined ? { ended_at: deps.clock.now() } : { reached })
    .where('number', '=', row.number)
    .execute();
  if (reached !== undefined) return true;
  await deps.audit.append(tx, {
    ...{ actor: ARCHIVE_ACTOR, action: 'retention.change', resource: `rules-${row.number}` },
    ...{ outcome: 'ok', detail: { state: 'every-record-has-its-term' } },
  });
  return false;
}
