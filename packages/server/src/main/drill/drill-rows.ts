import type { DrillFigures, DrillKind, DrillView } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import { ARCHIVE_ACTOR, type Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Queryable, Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import type { SiteTables } from '../../core/tables/sites.ts';

/** How a drill ended. */
export interface DrillEnd {
  outcome: NonNullable<DrillView['outcome']>;
  code?: string;
  figures?: DrillFigures;
}

export type DrillRow = Pick<Selectable<SiteTables['drill_report']>, 'id' | 'site' | 'kind'>;

const MOST = 50;

/** Notes one that begins; `by` is an account, or the archive itself. */
export async function beginDrill(
  { db, clock }: { db: Db; clock: Clock },
  drill: { site: string; kind: DrillKind; by: string },
): Promise<DrillRow> {
  const { site, kind, by } = drill;
  const row = { id: newUuidV7(clock), site, kind };
  await db
    .insertInto('drill_report')
    .values({ ...row, begun_by: by, started_at: clock.now() })
    .execute();
  return row;
}

/** Keeps what it found out and puts it on the ledger, in one transaction; once only. */
export async function endDrill(
  deps: { db: Db; clock: Clock; audit: Audit },
  { id, site, kind }: DrillRow,
  { outcome, code, figures }: DrillEnd,
): Promise<void> {
  await deps.db.transaction().execute(async (tx: Tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('drill_report')
      .set({
        ...{ ended_at: deps.clock.now(), outcome, code: code ?? null },
        figures: figures === undefined ? null : JSON.stringify(figures),
      })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    const well = outcome === 'ok' || outcome === 'slow';
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'archive.drill', resource: site },
      outcome: well ? 'ok' : 'failed',
      detail: {
        ...{ drill: id, kind, outcome },
        ...(code === undefined ? {} : { code }),
        ...(figures === undefined ? {} : told(figures)),
      },
    });
  });
}

const told = ({ rtoS, rtoWholeS, rpoS, callsOpened, callsNotOpened }: DrillFigures) => ({
  ...{ rtoS, rtoWholeS, rpoS, callsOpened, callsNotOpened },
});

/** Those without an end. */
export const drillsWithoutEnd = (db: Queryable): Promise<DrillRow[]> =>
  db
    .selectFrom('drill_report')
    .select(['id', 'site', 'kind'])
    .where('ended_at', 'is', null)
    .execute();

/** The newest first. */
export async function listDrills(db: Queryable): Promise<DrillView[]> {
  const rows = await db
    .selectFrom('drill_report')
    .leftJoin('staff', 'staff.actor_id', 'drill_report.begun_by')
    .selectAll('drill_report')
    .select('staff.username')
    .orderBy('started_at', 'desc')
    .orderBy('drill_report.id', 'desc')
    .limit(MOST)
    .execute();
  return rows.map(({ id, site, kind, begun_by, username, started_at, ended_at, ...row }) => ({
    ...{ id, site, kind: kind as DrillKind, by: username ?? begun_by },
    startedAt: started_at.toISOString(),
    ...(ended_at === null ? {} : { endedAt: ended_at.toISOString() }),
    ...(row.outcome === null ? {} : { outcome: row.outcome as DrillEnd['outcome'] }),
    ...(row.code === null ? {} : { code: row.code }),
    ...(row.figures === null ? {} : { figures: row.figures as DrillFigures }),
  }));
}
