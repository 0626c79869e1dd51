import { type Pool } from '../../../record/vocabulary.ts';
import { check, daysBefore } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';

type Code = 'ENVELOPE_REMAINS' | 'DESTRUCTION_LATE' | 'REMOVAL_LATE';
/** Destroyed objects that are looked for at the sites. */
const LOOKED_BACK_DAYS = 400;
const MOST = 20_000;

/** What was destroyed has no envelope left at any site, and removals do not wait for ever. */
export const retentionPending = check<Code>({
  title: { zh: '销毁：密钥信封确已不在', en: 'Destruction: the envelopes are gone' },
  retest: {
    zh: '在每个站点查找已销毁对象的密钥信封。',
    en: 'The envelopes of destroyed objects are looked for at each site.',
  },
  codes: {
    ENVELOPE_REMAINS: {
      severity: 'critical',
      wrong: {
        zh: '已销毁对象的密钥信封仍在站点上',
        en: 'The envelope of a destroyed object is still at a site',
      },
      fix: {
        zh: '恢复站点连通并运行深度巡检清除；查明信封为何留存。',
        en: 'Bring the site back and sweep it by a deep walk; find out why it stayed.',
      },
    },
    DESTRUCTION_LATE: {
      severity: 'high',
      wrong: {
        zh: '处置后多日，站点上的密钥信封仍未销毁',
        en: 'Days after a disposal an envelope at a site is still to be destroyed',
      },
      fix: {
        zh: '恢复站点连通；销毁会自动继续。',
        en: 'Bring the site back; the destruction goes on by itself.',
      },
    },
    REMOVAL_LATE: {
      severity: 'medium',
      wrong: { zh: '待移除的副本拖延过久', en: 'A copy that has to go has waited for too long' },
      fix: {
        zh: '恢复站点连通；如被锁定，核对锁定期限。',
        en: 'Bring the site back; where it is locked, look at the lock’s end.',
      },
    },
  },
  async run(context) {
    const { db, asOf, limits } = context;
    const late = await db
      .selectFrom('pending_removal')
      .leftJoin('object_copy', (join) =>
        join
          .onRef('object_copy.object_id', '=', 'pending_removal.object_id')
          .onRef('object_copy.site', '=', 'pending_removal.site'),
      )
      .select(['pending_removal.object_id', 'pending_removal.site', 'locked_until'])
      .where('not_before', '<', daysBefore(asOf, limits.pendingDays))
      .orderBy('pending_removal.object_id')
      .execute();
    const waiting = late.filter(({ locked_until }) => locked_until === null || locked_until < asOf);
    const overdue = await db
      .selectFrom('pending_destruction')
      .innerJoin('sealed_object', 'sealed_object.id', 'pending_destruction.object_id')
      .select(['pending_destruction.object_id', 'pending_destruction.site'])
      .where('envelope_gone', '=', false)
      .where('destroyed_at', '<', daysBefore(asOf, limits.pendingDays))
      .orderBy('pending_destruction.object_id')
      .execute();
    const destroyed = await db
      .selectFrom('sealed_object')
      .select(['id', 'pool', 'record_id'])
      .where('destroyed_at', '>', daysBefore(asOf, LOOKED_BACK_DAYS))
      .where('destroyed_at', '<=', asOf)
      .orderBy('destroyed_at', 'desc')
      .limit(MOST)
      .execute();
    const remains = await remaining(context, destroyed);
    return {
      looked: destroyed.length,
      findings: [
        ...waiting.map(({ object_id: id, site }): Found<Code> => {
          return { code: 'REMOVAL_LATE', site, subject: { kind: 'object', id } };
        }),
        ...overdue.map(({ object_id: id, site }): Found<Code> => {
          return { code: 'DESTRUCTION_LATE', site, subject: { kind: 'object', id } };
        }),
        ...remains,
      ],
    };
  },
});

async function remaining(
  { db, sites, keysOf, signal }: AuditContext,
  destroyed: readonly { id: string; pool: string; record_id: string }[],
): Promise<Found<Code>[]> {
  // Of a site that was away it is known, and told when it has waited for too long.
  const known = await db.selectFrom('pending_destruction').select(['object_id', 'site']).execute();
  const waits = new Set(known.map(({ object_id, site }) => `${object_id} ${site}`));
  const found: Found<Code>[] = [];
  for (const { id, pool, record_id: record } of destroyed) {
    signal.throwIfAborted();
    for (const site of sites) {
      if (waits.has(`${id} ${site.name}`)) continue;
      if ((await site.stat(pool as Pool, keysOf(id).envelope)) === undefined) continue;
      const about = { site: site.name, subject: { kind: 'object' as const, id } };
      found.push({ code: 'ENVELOPE_REMAINS', ...about, detail: { record, pool } });
    }
  }
  return found;
}
