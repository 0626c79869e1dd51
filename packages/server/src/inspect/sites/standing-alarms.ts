import { SiteAlarmCode } from '@voxkeep/contract';
import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Db, Queryable, Tx } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { PlainFacts } from '../../core/plain-facts.ts';
import type { Judged } from './judge-site.ts';

/** An alarm that people were told of and that is not over. */
export interface StandingAlarm {
  site: string;
  code: SiteAlarmCode;
  since: Date;
}

/** For so long nothing must have been wrong before an alarm is over: what comes and goes rings once. */
const CALM_MS = 5 * 60_000;
/** Any number that no other lock of the archive has. */
const ALARM_LOCK = 696_302;

interface AlarmDeps {
  db: Db;
  clock: Clock;
  notices: Notices;
  /** For how long it has to be wrong before anybody is told. */
  standsMs(code: SiteAlarmCode): number;
}

/** The alarms that stand, the oldest first. */
export async function standingAlarms(db: Queryable): Promise<StandingAlarm[]> {
  const rows = await db
    .selectFrom('site_alarm')
    .select(['site', 'code', 'since'])
    .where('told_at', 'is not', null)
    .orderBy('since')
    .orderBy('code')
    .execute();
  return rows.map((row) => ({ ...row, code: row.code as SiteAlarmCode }));
}

/**
 * Tells operators, and compliance of copies that are lost, once when something has been wrong for long
 * enough, and once when it is over; a restart and other processes tell nothing again. What nobody can
 * say stays as it was.
 */
export async function noteAlarms(deps: AlarmDeps, site: string, judged: Judged): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${ALARM_LOCK})`.execute(tx);
    for (const code of SiteAlarmCode.options) {
      const wrong = judged[code];
      if (wrong === undefined) continue;
      if (wrong === false) await noteRight(deps, tx, site, code);
      else await noteWrong(deps, tx, site, code, wrong);
    }
  });
}

async function noteWrong(
  deps: AlarmDeps,
  tx: Tx,
  site: string,
  code: SiteAlarmCode,
  numbers: PlainFacts,
): Promise<void> {
  const now = deps.clock.now();
  const row = await tx
    .insertInto('site_alarm')
    .values({ site, code, since: now, seen_at: now, told_at: null })
    .onConflict((conflict) => conflict.columns(['site', 'code']).doUpdateSet({ seen_at: now }))
    .returning(['since', 'told_at'])
    .executeTakeFirstOrThrow();
  const lastedMs = now.getTime() - row.since.getTime();
  if (row.told_at !== null || lastedMs < deps.standsMs(code)) return;
  await deps.notices.tell(tx, {
    ...{ to: { roles: rolesFor(code) }, kind: 'site.alarm', severity: 'alarm', resource: site },
    detail: { code, ...numbers },
  });
  await tx
    .updateTable('site_alarm')
    .set({ told_at: now })
    .where('site', '=', site)
    .where('code', '=', code)
    .execute();
}

async function noteRight(
  deps: AlarmDeps,
  tx: Tx,
  site: string,
  code: SiteAlarmCode,
): Promise<void> {
  const now = deps.clock.now();
  const gone = await tx
    .deleteFrom('site_alarm')
    .where('site', '=', site)
    .where('code', '=', code)
    .where(({ or, eb }) =>
      or([eb('told_at', 'is', null), eb('seen_at', '<=', new Date(now.getTime() - CALM_MS))]),
    )
    .returning(['since', 'told_at'])
    .executeTakeFirst();
  if (gone?.told_at == null) return;
  const minutes = Math.round((now.getTime() - gone.since.getTime()) / 60_000);
  await deps.notices.tell(tx, {
    ...{ to: { roles: rolesFor(code) }, kind: 'site.clear', severity: 'info', resource: site },
    detail: { code, minutes },
  });
}

/** Content that is lost is compliance's, too. */
const rolesFor = (code: SiteAlarmCode) =>
  code === 'COPIES_UNREPAIRED' ? (['operator', 'compliance'] as const) : (['operator'] as const);
