import type { Selectable } from 'kysely';
import type { Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { EngagementTables } from '../../core/tables/engagements.ts';
import { engagementError } from './engagement-error.ts';

export type ExternalFindingRow = Selectable<EngagementTables['engagement_finding']>;

/** A finding of an engagement. */
export interface OneFinding {
  engagementId: string;
  findingId: string;
}

/** Locked; one that is not closed. Rejects with FINDING_UNKNOWN, FINDING_STATE. */
export async function lockFinding(
  tx: Tx,
  { engagementId, findingId: id }: OneFinding,
): Promise<ExternalFindingRow> {
  const row = isUuid(id)
    ? await tx
        .selectFrom('engagement_finding')
        .selectAll()
        .where('id', '=', id)
        .where('engagement_id', '=', engagementId)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (row === undefined) {
    throw engagementError('FINDING_UNKNOWN', 'there is no such finding', 'findingId');
  }
  if (row.state !== 'closed') return row;
  throw engagementError('FINDING_STATE', 'the finding is closed');
}
