import { check, daysBefore, HOUR_MS } from '../check.ts';
import type { Found } from '../ports.ts';

/** Within the last days a recovery was rehearsed and went well: by the ledger, not by the list of drills. */
export const recoveryDrill = check<'DRILL_MISSING'>({
  title: { zh: '恢复演练：近期已成功', en: 'Recovery drill: a good one lately' },
  retest: {
    zh: '由账本重新查找近期成功的恢复演练。',
    en: 'A good drill is looked for in the ledger again.',
  },
  codes: {
    DRILL_MISSING: {
      severity: 'high',
      wrong: { zh: '规定时间内没有成功的恢复演练', en: 'No drill has ended well within the time' },
      fix: {
        zh: '立即演练（voxkeep drill），并恢复其计划。',
        en: 'Rehearse one now (voxkeep drill), and see to its schedule.',
      },
    },
  },
  async run({ db, asOf, limits }) {
    const rows = await db
      .selectFrom('ledger_entry')
      .select(['index', 'bytes'])
      .where('action', '=', 'archive.drill')
      .where('outcome', '=', 'ok')
      .where('at', '>', daysBefore(asOf, limits.drillDays))
      .execute();
    // That one was begun by hand stands there too; only its end has an outcome.
    const ended = rows.filter(({ bytes }) => {
      const { detail } = JSON.parse(bytes.toString()) as { detail?: Record<string, unknown> };
      return detail?.['outcome'] === 'ok' || detail?.['outcome'] === 'slow';
    });
    const subject = { kind: 'archive' as const, id: 'drill' };
    return {
      looked: ended.length,
      findings: ended.length > 0 ? [] : [{ code: 'DRILL_MISSING', subject }],
    };
  },
});

type Code = 'SNAPSHOT_OLD' | 'JOURNAL_BEHIND' | 'JOURNAL_FAULT';

/** What a rebuilt catalog is made of lies at the sites, and is new. */
export const recoveryJournal = check<Code>({
  title: { zh: '日志与快照：及时送达各站点', en: 'Journal and snapshots: at the sites in time' },
  retest: {
    zh: '重新读取最近快照的时间、待写变更和站点缺口。',
    en: 'The newest snapshot, waiting changes and gaps are read again.',
  },
  codes: {
    SNAPSHOT_OLD: {
      severity: 'high',
      wrong: { zh: '最近的目录库快照过旧', en: 'The newest snapshot of the catalog is too old' },
      fix: {
        zh: '查看日志中快照失败的原因；恢复站点空间与连通。',
        en: 'See in the log why snapshots fail; give the sites room and bring them back.',
      },
    },
    JOURNAL_BEHIND: {
      severity: 'high',
      wrong: {
        zh: '有变更超过一小时未写入站点日志',
        en: 'A change has waited for the journal for more than an hour',
      },
      fix: { zh: '恢复站点连通。', en: 'Bring the sites back.' },
    },
    JOURNAL_FAULT: {
      severity: 'high',
      wrong: {
        zh: '站点上的日志对象缺失或损坏',
        en: 'An object of the journal is missing or damaged at a site',
      },
      fix: {
        zh: '运行深度巡检修复（voxkeep sites scrub --deep）。',
        en: 'Repair it by a deep walk (voxkeep sites scrub --deep).',
      },
    },
  },
  async run({ db, asOf, limits }) {
    const findings: Found<Code>[] = [];
    const newest = await db
      .selectFrom('journal_snapshot')
      .select(({ fn }) => fn.max('ended_at').as('at'))
      .executeTakeFirst();
    const since = asOf.getTime() - limits.snapshotHours * HOUR_MS;
    if (newest?.at == null || newest.at.getTime() < since) {
      findings.push({ code: 'SNAPSHOT_OLD', subject: { kind: 'archive', id: 'snapshot' } });
    }
    const hourAgo = new Date(asOf.getTime() - HOUR_MS);
    const waiting = await db
      .selectFrom('journal_outbox')
      .select('id')
      .where('made_at', '<', hourAgo)
      .limit(1)
      .executeTakeFirst();
    if (waiting !== undefined) {
      findings.push({ code: 'JOURNAL_BEHIND', subject: { kind: 'archive', id: 'journal' } });
    }
    const gaps = await db
      .selectFrom('journal_gap')
      .select('site')
      .where('since', '<', hourAgo)
      .execute();
    for (const site of new Set(gaps.map((gap) => gap.site))) {
      findings.push({ code: 'JOURNAL_BEHIND', site, subject: { kind: 'site', id: site } });
    }
    const faults = await db.selectFrom('journal_fault').select(['site', 'key', 'fault']).execute();
    for (const { site, key: id, fault } of faults) {
      const subject = { kind: 'file' as const, id };
      findings.push({ code: 'JOURNAL_FAULT', site, subject, detail: { code: fault } });
    }
    return { looked: gaps.length + faults.length + 1, findings };
  },
});
