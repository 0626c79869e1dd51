import type { EvidenceAnswerIn, EvidenceIn } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import { act } from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { isUuid, newUuidV7 } from '../../core/ids.ts';
import type { EngagementTables } from '../../core/tables/engagements.ts';
import { engagementError } from './engagement-error.ts';
import {
  committed,
  lockEngagement,
  lockForAuditor,
  sealText,
  startOf,
  todayIn,
} from './engagement-row.ts';
import type { EngagementDeps, Party } from './ports.ts';
import { demandReferences } from './references.ts';

export type EvidenceRow = Selectable<EngagementTables['engagement_evidence']>;

/** A question of an engagement. */
export interface OneQuestion {
  engagementId: string;
  evidenceId: string;
}

/**
 * Asks to be shown something by a day within the engagement; compliance is told. Resolves to the question's id.
 * Rejects with ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER, ENGAGEMENT_STATE, ENGAGEMENT_DAYS_INVALID and
 * EVIDENCE_REFERENCE_UNKNOWN.
 */
export async function askEvidence(
  deps: EngagementDeps,
  engagementId: string,
  { wanted, recordIds, dueOn }: EvidenceIn,
  party: Party,
): Promise<string> {
  const { actor, requestId } = party;
  const id = newUuidV7(deps.clock, deps.random);
  startOf(deps, dueOn);
  return act(deps, async (tx) => {
    const { until_day: until } = await lockForAuditor(deps, tx, engagementId, party);
    if (dueOn < todayIn(deps) || dueOn > until) {
      const message = `is not a day from today until ${until}`;
      throw engagementError('ENGAGEMENT_DAYS_INVALID', message, 'body/dueOn');
    }
    const records = recordIds.map((recordId) => ({ kind: 'record' as const, id: recordId }));
    await demandReferences(tx, records, 'body/recordIds');
    await tx
      .insertInto('engagement_evidence')
      .values({
        ...{ id, engagement_id: engagementId, state: 'asked', due_on: dueOn },
        sealed_wanted: sealText(deps, id, 'wanted', wanted),
        ...{ record_ids: JSON.stringify(recordIds) },
        ...{ asked_by: actor.id, asked_at: deps.clock.now() },
      })
      .execute();
    await tellCompliance(deps, tx, engagementId, { evidence: id, dueOn });
    return {
      answer: id,
      entry: {
        ...{ actor, action: 'engagement.ask_evidence', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'evidence', commitment: committed(deps, id, wanted) },
        detail: { engagement: engagementId, dueOn, records: recordIds.length },
      },
    };
  });
}

/**
 * Answers a question, also once the engagement is over; whoever asked is told. Rejects with ENGAGEMENT_UNKNOWN,
 * EVIDENCE_UNKNOWN, EVIDENCE_STATE and EVIDENCE_REFERENCE_UNKNOWN.
 */
export async function answerEvidence(
  deps: EngagementDeps,
  { engagementId, evidenceId: id }: OneQuestion,
  { answer, references }: EvidenceAnswerIn,
  { actor, requestId }: Party,
): Promise<void> {
  await act(deps, async (tx) => {
    await lockEngagement(tx, engagementId);
    const row = await askedRow(tx, engagementId, id);
    await demandReferences(tx, references, 'body/references');
    await tx
      .updateTable('engagement_evidence')
      .set({
        ...{ state: 'answered', answered_by: actor.id, answered_at: deps.clock.now() },
        sealed_answer: sealText(deps, id, 'answer', answer),
        refs: JSON.stringify(references),
      })
      .where('id', '=', id)
      .execute();
    await deps.notices.tell(tx, {
      to: { actorIds: [row.asked_by] },
      ...{ kind: 'engagement.answered', severity: 'info', resource: engagementId },
      detail: { evidence: id },
    });
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.answer_evidence', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'evidence', commitment: committed(deps, id, answer) },
        detail: { engagement: engagementId, references: references.length },
      },
    };
  });
}

/** Takes back a question that is not answered. Rejects as asking does, and with EVIDENCE_UNKNOWN, EVIDENCE_STATE. */
export async function withdrawEvidence(
  deps: EngagementDeps,
  { engagementId, evidenceId: id }: OneQuestion,
  party: Party,
): Promise<void> {
  const { actor, requestId } = party;
  await act(deps, async (tx) => {
    await lockForAuditor(deps, tx, engagementId, party);
    await askedRow(tx, engagementId, id);
    await tx
      .updateTable('engagement_evidence')
      .set({ state: 'withdrawn' })
      .where('id', '=', id)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.withdraw_evidence', resource: id },
        ...{ outcome: 'ok', requestId, detail: { engagement: engagementId } },
      },
    };
  });
}

/** Compliance has something to answer. */
export async function tellCompliance(
  { notices }: Pick<EngagementDeps, 'notices'>,
  tx: Tx,
  engagementId: string,
  detail: Record<string, string>,
): Promise<void> {
  await notices.tell(tx, {
    to: { roles: ['compliance'] },
    ...{ kind: 'engagement.asked', severity: 'action', resource: engagementId, detail },
  });
}

/** Locked; one that nobody has answered. */
async function askedRow(tx: Tx, engagementId: string, id: string): Promise<EvidenceRow> {
  const row = isUuid(id)
    ? await tx
        .selectFrom('engagement_evidence')
        .selectAll()
        .where('id', '=', id)
        .where('engagement_id', '=', engagementId)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (row === undefined) {
    throw engagementError('EVIDENCE_UNKNOWN', 'there is no such question', 'evidenceId');
  }
  if (row.state === 'asked') return row;
  throw engagementError('EVIDENCE_STATE', `the question is ${row.state}`);
}
