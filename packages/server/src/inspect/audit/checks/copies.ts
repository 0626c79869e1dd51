import { sql } from 'kysely';
import { check, DAY_MS, daysBefore, each } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';

type Placed = 'COPY_ABSENT' | 'COPY_LATE' | 'RECORD_INCOMPLETE' | 'COPY_UNREPAIRED';

/** Without these nothing can be heard, read or rebuilt of a record. */
const NEEDED = ['manifest', 'redacted', 'redacted-transcript', 'record-key'];

/** Every archived record has its objects, and each of them its copies, where the policy wants them. */
export const copiesPlaced = check<Placed>({
  title: { zh: '副本：按放置策略齐备', en: 'Copies: where the policy wants them' },
  retest: {
    zh: '按现行放置策略重新核对该对象的副本。',
    en: 'The object’s copies are held against the policy in force again.',
  },
  codes: {
    COPY_ABSENT: {
      severity: 'high',
      wrong: {
        zh: '缺少策略要求的副本，且无补传任务',
        en: 'A copy that the policy wants is missing, and none is on its way',
      },
      fix: {
        zh: '重新应用放置策略（voxkeep placement apply）。',
        en: 'Apply the placement policy again (voxkeep placement apply).',
      },
    },
    COPY_LATE: {
      severity: 'high',
      wrong: { zh: '副本超过时限未送达', en: 'A copy has been due for more than a day' },
      fix: {
        zh: '恢复该站点的连通，查看其告警。',
        en: 'Bring the site back, and look at its alarms.',
      },
    },
    RECORD_INCOMPLETE: {
      severity: 'critical',
      wrong: {
        zh: '已归档记录缺少必要对象',
        en: 'An archived record lacks an object that it needs',
      },
      fix: {
        zh: '由站点上的清单重建；查明对象为何丢失。',
        en: 'Rebuild it from the manifest at a site; find out why the object went.',
      },
    },
    COPY_UNREPAIRED: {
      severity: 'high',
      wrong: { zh: '损坏的副本未能修复', en: 'A damaged copy could not be mended' },
      fix: {
        zh: '恢复另一站点的完好副本后再次巡检。',
        en: 'Bring a whole copy back to another site and walk again.',
      },
    },
  },
  async run(context) {
    const { db, asOf, wanted } = context;
    const { copies, coldSite = null } = wanted();
    const pairs = sql.join(copies.map(({ pool, site }) => sql`(${pool}::text, ${site}::text)`));
    const absent = await sql<{ id: string; site: string }>`
      select o.id, w.site from record r join sealed_object o on o.record_id = r.id
        join (values ${pairs}) as w (pool, site) on w.pool = o.pool
      where r.state in ('archived', 'restricted') and r.archived_at <= ${asOf}
        and o.destroyed_at is null and o.created_at <= ${asOf}
        and not exists (select from object_copy t where t.object_id = o.id and t.site = w.site)
        and not exists (select from pending_copy t where t.object_id = o.id and t.site = w.site)
        and not exists (select from evicted_copy t where t.object_id = o.id and t.site = w.site
          and t.site = ${coldSite}::text)
      order by o.id, w.site`.execute(db);
    const late = await db
      .selectFrom('pending_copy')
      .select(['object_id', 'site'])
      .where('due_at', '<', new Date(asOf.getTime() - DAY_MS))
      .orderBy('object_id')
      .execute();
    const faults = await db
      .selectFrom('copy_fault')
      .select(['object_id', 'site', 'fault'])
      .where('last_error', 'is not', null)
      .orderBy('object_id')
      .execute();
    return {
      looked: await countObjects(context),
      findings: [
        ...absent.rows.map(({ id, site }): Found<Placed> => copy('COPY_ABSENT', id, site)),
        ...late.map(({ object_id: id, site }): Found<Placed> => copy('COPY_LATE', id, site)),
        ...faults.map(({ object_id: id, site, fault }): Found<Placed> => {
          return { ...copy('COPY_UNREPAIRED', id, site), detail: { code: fault } };
        }),
        ...each('RECORD_INCOMPLETE', 'record', await incomplete(context)),
      ],
    };
  },
});

const copy = <Code extends string>(code: Code, id: string, site: string): Found<Code> => ({
  ...{ code, site, subject: { kind: 'object', id } },
});

async function incomplete({ db, asOf }: AuditContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from record r where r.state in ('archived', 'restricted')
      and r.archived_at <= ${asOf} and exists (select from unnest(${NEEDED}::text[]) n (purpose)
        where not exists (select from sealed_object o where o.record_id = r.id
          and o.purpose = n.purpose and o.destroyed_at is null))
    order by r.id`.execute(db);
  return rows.map(({ id }) => id);
}

async function countObjects({ db }: AuditContext): Promise<number> {
  const { n } = await db
    .selectFrom('sealed_object')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('destroyed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Every copy was written or read back within the time that the house gives itself. */
export const copiesVerified = check<'COPY_UNVERIFIED'>({
  title: { zh: '副本：按时回读核对', en: 'Copies: read back in time' },
  retest: {
    zh: '查看该副本最近一次回读核对的时间。',
    en: 'The time at which the copy was read back last is looked at again.',
  },
  codes: {
    COPY_UNVERIFIED: {
      severity: 'medium',
      wrong: { zh: '副本超过时限未回读核对', en: 'A copy has not been read back for too long' },
      fix: {
        zh: '运行深度巡检（voxkeep sites scrub --deep）。',
        en: 'Run a deep walk (voxkeep sites scrub --deep).',
      },
    },
  },
  async run(context) {
    const { db, asOf, limits } = context;
    const before = daysBefore(asOf, limits.verifiedDays);
    const rows = await db
      .selectFrom('object_copy')
      .innerJoin('sealed_object', 'sealed_object.id', 'object_copy.object_id')
      .select(['object_id', 'site'])
      .where('destroyed_at', 'is', null)
      .where(({ fn, ref }) => fn.coalesce(ref('verified_at'), ref('written_at')), '<', before)
      .orderBy('object_id')
      .orderBy('site')
      .execute();
    return {
      looked: await countObjects(context),
      findings: rows.map(({ object_id, site }) => copy('COPY_UNVERIFIED', object_id, site)),
    };
  },
});
