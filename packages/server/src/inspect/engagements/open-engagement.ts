import type { EngagementIn } from '@voxkeep/contract';
import { act, type TimeBox } from '../../access/index.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Db } from '../../core/database.ts';
import { isUuid, newUuidV7 } from '../../core/ids.ts';
import { engagementError } from './engagement-error.ts';
import {
  committed,
  daysWithin,
  demandState,
  type EngagementRow,
  lockEngagement,
  sealText,
  startOf,
  stateOf,
  todayIn,
  unknownEngagement,
} from './engagement-row.ts';
import type { EngagementDeps, Party } from './ports.ts';

/** No outside auditor is here for longer; whoever needs more days opens another engagement. */
const MOST_DAYS = 90;

/**
 * Opens an engagement, which is nothing yet: another officer has to confirm the same text. Resolves to its id. Rejects
 * with ENGAGEMENT_DAYS_INVALID naming the field.
 */
export async function openEngagement(
  deps: EngagementDeps,
  wanted: EngagementIn,
  { actor, person, requestId }: Party,
): Promise<string> {
  const { firm, purpose, calls, checks, from, until } = wanted;
  demandDays(deps, wanted);
  const id = newUuidV7(deps.clock, deps.random);
  const commitment = committed(deps, id, canonicalJson(wanted));
  const tiers = [...new Set(calls.tiers)].sort();
  return act(deps, async (tx) => {
    await tx
      .insertInto('engagement')
      .values({
        ...{ id, state: 'opened', commitment, from_day: from, until_day: until },
        sealed: sealText(deps, id, 'terms', JSON.stringify({ firm, purpose })),
        ...{ calls_from: calls.from, calls_to: calls.to, tiers, checks: [...new Set(checks)] },
        ...{ opened_by: actor.id, opened_person: person, opened_at: deps.clock.now() },
      })
      .execute();
    await deps.notices.tell(tx, {
      to: { roles: ['compliance'], except: [actor.id] },
      ...{ kind: 'engagement.awaiting', severity: 'action', resource: id, detail: { from, until } },
    });
    return {
      answer: id,
      entry: {
        ...{ actor, action: 'engagement.open', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'engagement', commitment },
        detail: { from, until, callsFrom: calls.from, callsTo: calls.to, tiers: tiers.join('+') },
      },
    };
  });
}

/**
 * Confirms the text that `commitment` names: from then on the engagement is in force within its days. Rejects with
 * ENGAGEMENT_UNKNOWN, ENGAGEMENT_STATE, ENGAGEMENT_TEXT_OTHER, and ENGAGEMENT_SECOND_PERSON for whoever opened it.
 */
export async function confirmEngagement(
  deps: EngagementDeps,
  id: string,
  commitment: string,
  { actor, person, requestId }: Party,
): Promise<void> {
  await act(deps, async (tx) => {
    const row = await lockEngagement(tx, id);
    demandState(row, stateOf(deps, row) === 'opened');
    if (row.opened_person === person || row.opened_by === actor.id) {
      throw engagementError(
        'ENGAGEMENT_SECOND_PERSON',
        'another person than who opened it confirms it',
      );
    }
    if (row.commitment !== commitment) {
      throw engagementError('ENGAGEMENT_TEXT_OTHER', 'the engagement has another text');
    }
    await tx
      .updateTable('engagement')
      .set({ state: 'confirmed', confirmed_by: actor.id, confirmed_at: deps.clock.now() })
      .where('id', '=', id)
      .execute();
    return {
      answer: undefined,
      entry: {
        ...{ actor, action: 'engagement.confirm', resource: id, outcome: 'ok', requestId },
        purpose: { category: 'engagement', commitment },
        detail: { from: row.from_day, until: row.until_day },
      },
    };
  });
}

/**
 * From when to when an account of the engagement opens anything; for the transaction that makes one, and nobody closes
 * the engagement meanwhile. Rejects with ENGAGEMENT_UNKNOWN, and ENGAGEMENT_STATE unless it is confirmed and not over.
 */
export async function timeBoxOf(
  deps: Pick<EngagementDeps, 'clock' | 'timeZone'>,
  db: Db,
  id: string,
): Promise<TimeBox> {
  const row: EngagementRow | undefined = isUuid(id)
    ? await db
        .selectFrom('engagement')
        .selectAll()
        .where('id', '=', id)
        .forShare()
        .executeTakeFirst()
    : undefined;
  if (row === undefined) throw unknownEngagement();
  demandState(row, stateOf(deps, row) === 'confirmed');
  return {
    engagementId: row.id,
    opensAt: startOf(deps, row.from_day),
    shutsAt: startOf(deps, row.until_day, 1),
  };
}

function demandDays(deps: EngagementDeps, { from, until, calls }: EngagementIn): void {
  const invalid = (field: string, why: string) =>
    engagementError('ENGAGEMENT_DAYS_INVALID', `body/${field}: ${why}`, `body/${field}`);
  const today = todayIn(deps);
  if (from < today) throw invalid('from', 'is over');
  if (until < from) throw invalid('until', 'is before its first day');
  if (daysWithin(from, until) > MOST_DAYS) throw invalid('until', `is beyond ${MOST_DAYS} days`);
  if (calls.to < calls.from) throw invalid('calls/to', 'is before the first day');
  if (calls.from > today) throw invalid('calls/from', 'is still to come');
}
