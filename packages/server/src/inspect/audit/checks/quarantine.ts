import { sql } from 'kysely';
import type { Queryable } from '../../../core/database.ts';
import { check, daysBefore, each } from '../check.ts';
import type { Found } from '../ports.ts';

/** No record waits in quarantine for longer than the house gives itself. */
export const quarantineWaiting = check<'QUARANTINED_LONG'>({
  title: { zh: '隔离区：无久置记录', en: 'Quarantine: nothing waits for long' },
  retest: {
    zh: '重新查询该记录的状态与接收时间。',
    en: 'State and time of arrival are read again.',
  },
  codes: {
    QUARANTINED_LONG: {
      severity: 'medium',
      wrong: { zh: '记录在隔离区停留过久', en: 'A record has been in quarantine for too long' },
      fix: {
        zh: '由复核人员处理或重试（voxkeep jobs）。',
        en: 'Have it reviewed, or try it again (jobs page).',
      },
    },
  },
  async run({ db, asOf, limits }) {
    const rows = await db
      .selectFrom('record')
      .select(['id', 'received_at'])
      .where('state', '=', 'quarantined')
      .orderBy('id')
      .execute();
    const before = daysBefore(asOf, limits.quarantineDays);
    const old = rows.filter(({ received_at }) => received_at < before);
    return {
      looked: rows.length,
      findings: each(
        'QUARANTINED_LONG',
        'record',
        old.map(({ id }) => id),
      ),
    };
  },
});

type Original = 'ORIGINAL_OVERDUE' | 'WAIT_NOT_APPROVED';

/** Originals of archived records are gone from quarantine in their time, and nobody prolonged it alone. */
export const quarantineOriginals = check<Original>({
  title: { zh: '隔离区：原件按期销毁', en: 'Quarantine: originals destroyed in time' },
  retest: {
    zh: '重新查询该原件是否仍然存在、是否保全或获准延期。',
    en: 'Whether the original is still there, held or extended is looked at again.',
  },
  codes: {
    ORIGINAL_OVERDUE: {
      severity: 'high',
      wrong: {
        zh: '已归档记录的原件超过所需时间仍在隔离区',
        en: 'An original is in quarantine past the time for which it is needed',
      },
      fix: {
        zh: '查看销毁任务为何未完成；恢复站点连通。',
        en: 'See why its job has not ended; bring the site back.',
      },
    },
    WAIT_NOT_APPROVED: {
      severity: 'critical',
      wrong: {
        zh: '原件的延期没有申请人以外两人的批准',
        en: 'An original waits for longer without the approval of two others',
      },
      fix: {
        zh: '撤销该延期，查明谁写入了数据库。',
        en: 'Take the extension back, and find out who wrote it.',
      },
    },
  },
  async run(context) {
    const { db } = context;
    const rows = await db
      .selectFrom('sealed_object as o')
      .innerJoin('record as r', 'r.id', 'o.record_id')
      .select(['o.id', 'o.purpose', 'o.record_id', 'r.archived_at'])
      .where('o.pool', '=', 'quarantine')
      .where('o.destroyed_at', 'is', null)
      .where('r.state', 'in', ['archived', 'restricted'])
      .orderBy('o.id')
      .execute();
    const findings: Found<Original>[] = [];
    for (const { id, record_id: record, purpose, archived_at } of rows) {
      context.signal.throwIfAborted();
      const waits = purpose === 'original' || purpose === 'screenshot';
      const needed = waits ? await context.originalNeeded(record) : undefined;
      const until = needed ?? archived_at ?? context.asOf;
      if (until > daysBefore(context.asOf, 1) || (await context.isHeld(record))) continue;
      const subject = { kind: 'object' as const, id };
      findings.push({ code: 'ORIGINAL_OVERDUE', subject, detail: { record } });
    }
    const alone = each('WAIT_NOT_APPROVED', 'record', await prolongedAlone(db));
    return { looked: rows.length, findings: [...findings, ...alone] };
  },
});

async function prolongedAlone(db: Queryable): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct w.record_id as id from original_wait w where w.state = 'granted'
      and (select count(distinct d.person) from original_wait_decision d
        where d.wait_id = w.id and d.decision = 'approved' and d.person <> w.person) < 2
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}
