import { sql } from 'kysely';
import { check, each, HOUR_MS } from '../check.ts';
import type { Found } from '../ports.ts';

type Code = 'RESTRICTED_SERVED' | 'NOT_RESTRICTED' | 'STILL_SEARCHABLE';

/** What shows or plays content; finding a record's metadata is none. */
const CONTENT = [
  ...['record.play', 'record.play_fast', 'record.transcript', 'record.peaks', 'record.screenshot'],
  ...['record.original', 'record.download', 'record.export'],
];
/** By dual approval and by mandate. */
const MAY = ['auditor', 'regulator'];

/** A restricted record was not served since to anybody who holds neither grant nor mandate. */
export const restrictionKept = check<Code>({
  title: { zh: '限制处理：限制后未被使用', en: 'Restriction: not used since' },
  retest: {
    zh: '由账本重新查找限制之后的访问。',
    en: 'Uses since the restriction are looked for in the ledger again.',
  },
  codes: {
    RESTRICTED_SERVED: {
      severity: 'critical',
      wrong: {
        zh: '限制处理的记录被播放、阅读或导出',
        en: 'A restricted record was played, read or taken away',
      },
      fix: {
        zh: '按个人信息泄露评估；查明策略为何放行。',
        en: 'Assess it as a breach; find out why the policy let it through.',
      },
    },
    NOT_RESTRICTED: {
      severity: 'high',
      wrong: {
        zh: '已登记限制，但记录未处于限制状态',
        en: 'A restriction is on file, but the record is not restricted',
      },
      fix: { zh: '重新执行该限制。', en: 'Have the restriction carried out again.' },
    },
    STILL_SEARCHABLE: {
      severity: 'high',
      wrong: {
        zh: '限制处理的记录仍可被检索',
        en: 'A restricted record can still be found by search',
      },
      fix: { zh: '重建该记录的索引行。', en: 'Have its row of the index made again.' },
    },
  },
  async run({ db, asOf }) {
    const settled = new Date(asOf.getTime() - HOUR_MS);
    const { rows } = await sql<{ id: string; state: string; searchable: boolean; since: Date }>`
      select r.id, r.state, min(x.since) as since,
        exists (select from call c where c.id = r.id and c.started_at = r.started_at
          and not c.restricted) as searchable
      from record_restriction x join record r on r.id = x.record_id
      group by r.id, r.state, r.started_at order by r.id`.execute(db);
    const old = rows.filter(({ since }) => since < settled);
    const served = await sql<{ index: string; id: string; actor: string; action: string }>`
      select e.index::text, e.resource as id, e.actor_id as actor, e.action
      from ledger_entry e join record_restriction x on x.record_id::text = e.resource
      where e.action = any(${CONTENT}) and e.outcome = 'ok' and e.at > x.since
        and not e.actor_role = any(${MAY})
      order by e.index`.execute(db);
    return {
      looked: rows.length,
      findings: [
        ...served.rows.map(({ index, id, actor, action }): Found<Code> => {
          const detail = { entry: Number(index), actor, action };
          return { code: 'RESTRICTED_SERVED', subject: { kind: 'record', id }, detail };
        }),
        ...each(
          'NOT_RESTRICTED',
          'record',
          old.filter(({ state }) => state === 'archived').map(({ id }) => id),
        ),
        ...each(
          'STILL_SEARCHABLE',
          'record',
          old.filter(({ searchable }) => searchable).map(({ id }) => id),
        ),
      ],
    };
  },
});
