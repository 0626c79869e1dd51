import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { type Actor, ARCHIVE_ACTOR } from '../../core/audit.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../core/database.ts';
import type { RecordId } from '../../core/ids.ts';
import { dayOf, formatDay } from '../../core/zone.ts';
import { removeFromIndex } from '../../index/index.ts';
import { type DisposalVerdict, mayDispose } from '../../retire/may-dispose.ts';
import { type RecordRow, recordRow } from '../record-row.ts';
import { countCall } from './count-call.ts';
import type { DisposalDeps } from './deps.ts';
import { type LastObject, takeObjects } from './take-objects.ts';

/** What became of it; `kept` says why it was not disposed of. */
export type Disposed =
  | { state: 'disposed'; outboxId?: string }
  | {
      state: 'kept';
      why: Exclude<DisposalVerdict, { allowed: true }> | { by: 'state' | 'failed' };
    };

export interface DisposalOrder {
  runId: string;
  /** Who let it go; the archive itself for what is due by its rules. */
  actor?: Actor;
}

/** What the ledger's entry names by digest, and the certificate shows: canonical JSON. */
interface DisposalFacts {
  format: 'voxkeep/disposal/v1';
  recordId: string;
  runId: string;
  disposedAt: string;
  how: 'delete' | 'anonymise';
  ground: string;
  rule: string;
  clause: string;
  keepUntil: string;
  epoch: string;
  objects: LastObject[];
}

/**
 * Ends a record, if the one gate lets it go today: in one transaction its rows are gone, it is in no search, its
 * objects are to be destroyed at every site, and the ledger has the entry. What is left to do at the sites is
 * noted and done by `settleDestructions`. Once it is committed nothing brings the record back; run again, it
 * changes nothing. Rejects with RECORD_UNKNOWN. The caller settles the entry.
 */
export async function disposeRecord(
  deps: DisposalDeps,
  recordId: RecordId,
  { runId, actor = ARCHIVE_ACTOR }: DisposalOrder,
): Promise<Disposed> {
  const done = await deps.db.transaction().execute(async (tx): Promise<Disposed> => {
    // Whoever holds one of its rows for longer is left to work; its turn comes again.
    await sql`set local lock_timeout = '10s'`.execute(tx);
    const row = await recordRow(tx, recordId, true);
    if (row.state === 'disposed') return { state: 'disposed' };
    if (row.state !== 'archived' && row.state !== 'restricted') {
      return { state: 'kept', why: { by: 'state' } };
    }
    const now = deps.clock.now();
    const today = formatDay(dayOf(deps.timeZone, now));
    const verdict = await mayDispose(tx, recordId, today, deps.gate);
    if (!verdict.allowed) return { state: 'kept', why: verdict };
    const { how, clause } = await ruleOf(tx, recordId);
    const facts: DisposalFacts = {
      ...{ format: 'voxkeep/disposal/v1', recordId, runId, disposedAt: now.toISOString() },
      ...{ how, ground: verdict.ground, rule: verdict.rule, clause },
      ...{ keepUntil: verdict.keepUntil, epoch: deps.epoch() },
      objects: await takeObjects(deps, tx, recordId, now),
    };
    if (how === 'anonymise') await countCall(tx, row, deps.timeZone);
    await emptyRows(tx, row, now);
    return { state: 'disposed', outboxId: await note(deps, tx, facts, actor) };
  });
  if (done.state === 'disposed') deps.forgetKeys(recordId);
  return done;
}

async function ruleOf(tx: Tx, recordId: string) {
  const { why } = await tx
    .selectFrom('record_term')
    .select('why')
    .where('record_id', '=', recordId)
    .executeTakeFirstOrThrow();
  const how = why['how'] === 'anonymise' ? ('anonymise' as const) : ('delete' as const);
  return { how, clause: String(why['clause'] ?? '') };
}

/** Rows that a living record has, by the record's id. */
const ITS_ROWS = [
  ...(['record_term', 'record_anchor', 'record_restriction', 'record_case'] as const),
  ...(['review_lease', 'reclassification'] as const),
  ...(['original_wait', 'original_wait_decision'] as const),
];

/** All that is left of the record is that it was there, and is not taken in again. */
export async function emptyRows(tx: Tx, row: RecordRow, now: Date): Promise<void> {
  const { id, startedAt } = row;
  await removeFromIndex(tx, { id, startedAt });
  for (const table of ITS_ROWS) {
    await tx.deleteFrom(table).where('record_id', '=', id).execute();
  }
  const gone = { state: 'disposed', resume_state: null, reason_code: null, reason: null };
  await tx
    .updateTable('record')
    .set({ ...gone, facts: '{}' })
    .where('id', '=', id)
    .execute();
  await tx
    .updateTable('intake_key')
    .set({ disposed_at: now })
    .where('record_id', '=', id)
    .execute();
}

async function note(
  deps: DisposalDeps,
  tx: Tx,
  facts: DisposalFacts,
  actor: Actor,
): Promise<string> {
  const { recordId, runId, how, ground, rule, clause, keepUntil, epoch, objects } = facts;
  const text = canonicalJson(facts);
  // A letter in front: sixty-four digits would be taken for somebody's number.
  const digest = `d${createHash('sha256').update(text).digest('hex')}`;
  await tx
    .insertInto('disposal')
    .values({
      ...{ record_id: recordId, run_id: runId, how, ground, rule, clause, epoch, digest },
      ...{ keep_until: keepUntil, disposed_at: new Date(facts.disposedAt), facts: text },
    })
    .execute();
  const { outboxId } = await deps.audit.append(tx, {
    ...{ actor, action: 'record.dispose', resource: recordId, outcome: 'ok' },
    detail: { run: runId, how, ground, rule, keepUntil, objects: objects.length, digest },
  });
  return outboxId;
}
