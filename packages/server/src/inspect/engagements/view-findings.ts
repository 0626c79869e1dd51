import {
  AuditSeverity,
  ExternalFindingAbout,
  type ExternalFindingsView,
  ExternalFindingView,
} from '@voxkeep/contract';
import { openText, todayIn } from './engagement-row.ts';
import type { ExternalFindingRow, OneFinding } from './finding-rows.ts';
import { type Names, namesOf, partyIn } from './names.ts';
import type { EngagementDeps, Onlooker } from './ports.ts';
import { noteLook } from './view-engagements.ts';

const MOST = 500;
const State = ExternalFindingView.shape.state;

/** Findings of an engagement, the newest first. Rejects with ENGAGEMENT_UNKNOWN. */
export async function listExternalFindings(
  deps: EngagementDeps,
  engagementId: string,
  viewer: Onlooker,
): Promise<ExternalFindingsView> {
  await noteLook(deps, engagementId, 'findings', viewer);
  const rows = await deps.db
    .selectFrom('engagement_finding')
    .selectAll()
    .where('engagement_id', '=', engagementId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  const names = await namesOf(deps.db, rows.flatMap(partiesOf));
  return { findings: rows.map((row) => present(deps, names, row)) };
}

/** One, for who has just changed it. */
export async function viewExternalFinding(
  deps: EngagementDeps,
  { findingId }: Pick<OneFinding, 'findingId'>,
): Promise<ExternalFindingView> {
  const row = await deps.db
    .selectFrom('engagement_finding')
    .selectAll()
    .where('id', '=', findingId)
    .executeTakeFirstOrThrow();
  return present(deps, await namesOf(deps.db, partiesOf(row)), row);
}

const partiesOf = (row: ExternalFindingRow) => [row.written_by, row.answered_by, row.closed_by];

function present(deps: EngagementDeps, names: Names, row: ExternalFindingRow): ExternalFindingView {
  const { id, due_on: dueOn, state } = row;
  return {
    ...{ id, engagementId: row.engagement_id, state: State.parse(state) },
    severity: AuditSeverity.parse(row.severity),
    about: ExternalFindingAbout.parse({ kind: row.about_kind, id: row.about_id }),
    text: openText(deps, id, 'text', row.sealed_text),
    ...{ writtenBy: partyIn(names, row.written_by), writtenAt: row.written_at.toISOString() },
    ...(row.sealed_answer === null
      ? {}
      : { answer: openText(deps, id, 'answer', row.sealed_answer) }),
    ...(dueOn === null ? {} : { dueOn }),
    overdue: state === 'accepted' && dueOn !== null && dueOn < todayIn(deps),
    ...(row.answered_by === null ? {} : { answeredBy: partyIn(names, row.answered_by) }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at.toISOString() }),
    ...(row.sealed_closing === null
      ? {}
      : { closing: openText(deps, id, 'closing', row.sealed_closing) }),
    ...(row.closed_by === null ? {} : { closedBy: partyIn(names, row.closed_by) }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at.toISOString() }),
  };
}
