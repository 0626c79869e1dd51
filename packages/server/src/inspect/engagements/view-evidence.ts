import { EvidenceReference, type EvidencesView, EvidenceView } from '@voxkeep/contract';
import type { EvidenceRow, OneQuestion } from './ask-evidence.ts';
import { openText, todayIn } from './engagement-row.ts';
import { type Names, namesOf, partyIn } from './names.ts';
import type { EngagementDeps, Onlooker } from './ports.ts';
import { noteLook } from './view-engagements.ts';

const MOST = 500;
const State = EvidenceView.shape.state;

/** Questions of an engagement with their answers, the newest first. Rejects with ENGAGEMENT_UNKNOWN. */
export async function listEvidence(
  deps: EngagementDeps,
  engagementId: string,
  viewer: Onlooker,
): Promise<EvidencesView> {
  await noteLook(deps, engagementId, 'evidence', viewer);
  const rows = await deps.db
    .selectFrom('engagement_evidence')
    .selectAll()
    .where('engagement_id', '=', engagementId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  return { evidence: await presented(deps, rows) };
}

/** One, for who has just changed it. */
export async function viewQuestion(
  deps: EngagementDeps,
  { evidenceId }: Pick<OneQuestion, 'evidenceId'>,
): Promise<EvidenceView> {
  const row = await deps.db
    .selectFrom('engagement_evidence')
    .selectAll()
    .where('id', '=', evidenceId)
    .executeTakeFirstOrThrow();
  const names = await namesOf(deps.db, [row.asked_by, row.answered_by]);
  return present(deps, names, row);
}

async function presented(
  deps: EngagementDeps,
  rows: readonly EvidenceRow[],
): Promise<EvidenceView[]> {
  const ids = rows.flatMap((row) => [row.asked_by, row.answered_by]);
  const names = await namesOf(deps.db, ids);
  return rows.map((row) => present(deps, names, row));
}

function present(deps: EngagementDeps, names: Names, row: EvidenceRow): EvidenceView {
  return {
    ...{ id: row.id, engagementId: row.engagement_id, state: State.parse(row.state) },
    ...{ wanted: openText(deps, row.id, 'wanted', row.sealed_wanted), recordIds: row.record_ids },
    ...{ dueOn: row.due_on, overdue: row.state === 'asked' && row.due_on < todayIn(deps) },
    ...{ askedBy: partyIn(names, row.asked_by), askedAt: row.asked_at.toISOString() },
    ...(row.sealed_answer === null
      ? {}
      : { answer: openText(deps, row.id, 'answer', row.sealed_answer) }),
    references: EvidenceReference.array().parse(row.refs ?? []),
    ...(row.answered_by === null ? {} : { answeredBy: partyIn(names, row.answered_by) }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at.toISOString() }),
  };
}
