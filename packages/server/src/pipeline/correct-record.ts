import type { Actor, Audit } from '../core/audit.ts';
import type { Tx } from '../core/database.ts';
import type { RecordId } from '../core/ids.ts';
import { reclassify } from '../index/index.ts';
import { recordRow } from './record-row.ts';

/** What of a record's metadata can be set right after it was archived. */
export interface Correction {
  recordId: string;
  field: 'segment' | 'team' | 'issueType';
  value: string;
}

/**
 * Sets one field of an archived or restricted record right, in the caller's transaction, which locks its row:
 * where it is searched by and where it is shown. What it was sealed with stays as it came. Gives what stood
 * there; undefined for a record that is neither. Rejects with RECORD_UNKNOWN.
 */
export async function correctRecord(
  { audit }: { audit: Audit },
  tx: Tx,
  { recordId, field, value }: Correction,
  cause: { id: string; actor: Actor },
): Promise<{ before: string | null } | undefined> {
  const row = await recordRow(tx, recordId as RecordId, true);
  if (row.state !== 'archived' && row.state !== 'restricted') return undefined;
  const { id, startedAt } = row;
  const call = await tx
    .selectFrom('call')
    .select(['segment', 'team_id', 'issue_type'])
    .where('id', '=', id)
    .where('started_at', '=', startedAt)
    .executeTakeFirst();
  if (call === undefined) return undefined;
  const before = { segment: call.segment, team: call.team_id, issueType: call.issue_type }[field];
  await reclassify(
    tx,
    { id, startedAt },
    {
      ...(field === 'segment' ? { segment: value } : {}),
      ...(field === 'team' ? { teamId: value } : {}),
      ...(field === 'issueType' ? { issueType: value } : {}),
    },
  );
  const { classification } = row.facts;
  if (field !== 'team' && classification !== undefined) {
    const facts = { ...row.facts, classification: { ...classification, [field]: value } };
    const set = { facts: JSON.stringify(facts) };
    await tx.updateTable('record').set(set).where('id', '=', id).execute();
  }
  await audit.append(tx, {
    ...{ actor: cause.actor, action: 'record.correct', resource: id, outcome: 'ok' },
    detail: { field, cause: cause.id },
  });
  return { before };
}
