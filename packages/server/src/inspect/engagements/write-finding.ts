import type {
  ExternalFindingAbout,
  ExternalFindingAnswerIn,
  ExternalFindingCloseIn,
  ExternalFindingIn,
} from '@voxkeep/contract';
import { act } from '../../access/index.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { tellCompliance } from './ask-evidence.ts';
import { engagementError } from './engagement-error.ts';
import {
  committed,
  demandState,
  type EngagementRow,
  lockEngagement,
  lockForAuditor,
  sealText,
  startOf,
  stateOf,
  todayIn,
} from './engagement-row.ts';
import { type ExternalFindingRow, lockFinding, type OneFinding } from './finding-rows.ts';
import type { EngagementDeps, Party } from './ports.ts';
import { demandReferences } from './references.ts';

/**
 * Writes down what an auditor found wrong; compliance is told. Resolves to the finding's id. Rejects with
 * ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER, ENGAGEMENT_STATE, ENGAGEMENT_SCOPE for a check that is not looked at, and
 * EVIDENCE_REFERENCE_UNKNOWN.
 */
export async function writeFinding(
  deps: EngagementDeps,
  engagementId: string,
  { severity, about, text }: ExternalFindingIn,
  party: Party,
): Promise<string> {
  const { actor, requestId } = party;
  const id = newUuidV7(deps.clock, deps.random);
  return act(deps, async (tx) => {
    const engagement = await lockForAuditor(deps, tx, engagementId, party);
    await demandAbout(tx, engagement, about);
    await tx
      .insertInto('engagement_finding')
      .values({
        ...{ id, engagement_id: engagementId, state: 'open', severity },
        ...{ about_kind: about.kind, about_id: about.id },
        sealed_text: sealText(deps, id, 'text', text),
        ...{ written_by: actor.id, written_at: deps.clock.now() },
      })
      .execute();
    await tellCompliance(deps, tx, engagementId, { finding: id, severity });
    return {
      answer: id,
      entry: {
        ...{ actor, action: 'engagement.write_finding', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'finding', commitment: committed(deps, id, text) },
        detail: { engagement: engagementId, severity, about: about.kind, of: about.id },
      },
    };
  });
}

/**
 * Answers a finding: accepted, and mended by a day; or disputed. It can be answered anew until it is closed, also once
 * the engagement is over. Rejects with ENGAGEMENT_UNKNOWN, FINDING_UNKNOWN, FINDING_STATE, ENGAGEMENT_DAYS_INVALID.
 */
export async function answerFinding(
  deps: EngagementDeps,
  one: OneFinding,
  given: ExternalFindingAnswerIn,
  { actor, person, requestId }: Party,
): Promise<void> {
  const { engagementId, findingId: id } = one;
  const { verdict, text } = given;
  const dueOn = given.verdict === 'accepted' ? given.dueOn : null;
  if (dueOn !== null) {
    startOf(deps, dueOn);
    if (dueOn < todayIn(deps)) {
      throw engagementError('ENGAGEMENT_DAYS_INVALID', 'is over', 'body/dueOn');
    }
  }
  await act(deps, async (tx) => {
    await lockEngagement(tx, engagementId);
    const row = await lockFinding(tx, one);
    await tx
      .updateTable('engagement_finding')
      .set({
        ...{ state: verdict, due_on: dueOn, sealed_answer: sealText(deps, id, 'answer', text) },
        ...{ answered_by: actor.id, answered_person: person, answered_at: deps.clock.now() },
      })
      .where('id', '=', id)
      .execute();
    await deps.notices.tell(tx, {
      to: { actorIds: [row.written_by] },
      ...{ kind: 'engagement.answered', severity: 'info', resource: engagementId },
      detail: { finding: id, verdict },
    });
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.answer_finding', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'finding', commitment: committed(deps, id, text) },
        detail: { engagement: engagementId, verdict, ...(dueOn === null ? {} : { dueOn }) },
      },
    };
  });
}

/**
 * Closes a finding: its auditors do while the engagement goes on; once it is over, an officer who is another person
 * than who answered, since then there is no auditor left. Rejects with ENGAGEMENT_UNKNOWN, ENGAGEMENT_OTHER,
 * ENGAGEMENT_STATE, ENGAGEMENT_SECOND_PERSON, FINDING_UNKNOWN, FINDING_STATE.
 */
export async function closeFinding(
  deps: EngagementDeps,
  one: OneFinding,
  { text }: ExternalFindingCloseIn,
  party: Party,
): Promise<void> {
  const { engagementId, findingId: id } = one;
  const { actor, requestId } = party;
  await act(deps, async (tx) => {
    const byAuditor = actor.role === 'auditor';
    const engagement = byAuditor
      ? await lockForAuditor(deps, tx, engagementId, party)
      : await lockEngagement(tx, engagementId);
    const row = await lockFinding(tx, one);
    if (!byAuditor) demandOfficer(deps, engagement, row, party);
    await tx
      .updateTable('engagement_finding')
      .set({
        ...{ state: 'closed', sealed_closing: sealText(deps, id, 'closing', text) },
        ...{ closed_by: actor.id, closed_at: deps.clock.now() },
      })
      .where('id', '=', id)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.close_finding', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'finding', commitment: committed(deps, id, text) },
        detail: { engagement: engagementId, from: row.state, byAuditor },
      },
    };
  });
}

function demandOfficer(
  deps: EngagementDeps,
  engagement: EngagementRow,
  { answered_by, answered_person }: ExternalFindingRow,
  { actor, person }: Party,
): void {
  const state = stateOf(deps, engagement);
  demandState(engagement, state === 'over' || state === 'closed');
  if (answered_by === null) {
    throw engagementError('FINDING_STATE', 'nobody has answered the finding');
  }
  if (answered_by !== actor.id && answered_person !== person) return;
  const message = 'another person than who answered closes it';
  throw engagementError('ENGAGEMENT_SECOND_PERSON', message);
}

/** What it is about is there, and within what the engagement looks at. */
async function demandAbout(
  tx: Tx,
  engagement: EngagementRow,
  { kind, id }: ExternalFindingAbout,
): Promise<void> {
  const unknown = () =>
    engagementError('EVIDENCE_REFERENCE_UNKNOWN', 'is not there', 'body/about/id');
  if (kind === 'record') return demandReferences(tx, [{ kind, id }], 'body/about');
  if (kind === 'check') {
    const looked = engagement.checks.length === 0 || engagement.checks.includes(id);
    if (looked) return;
    throw engagementError('ENGAGEMENT_SCOPE', 'is outside the engagement', 'body/about/id');
  }
  if (kind === 'engagement') {
    if (id === engagement.id) return;
    throw unknown();
  }
  if (!(await isOwn(tx, engagement.id, kind, id))) throw unknown();
}

async function isOwn(
  tx: Tx,
  engagementId: string,
  kind: 'sample' | 'evidence',
  id: string,
): Promise<boolean> {
  const samples = tx.selectFrom('engagement_sample').select('id');
  const questions = tx.selectFrom('engagement_evidence').select('id');
  const found =
    kind === 'sample'
      ? await samples
          .where('id', '=', id)
          .where('engagement_id', '=', engagementId)
          .executeTakeFirst()
      : await questions
          .where('id', '=', id)
          .where('engagement_id', '=', engagementId)
          .executeTakeFirst();
  return found !== undefined;
}
