import { sql } from 'kysely';
import { ArchiveError } from '../../../core/errors.ts';
import { objectsOf } from '../../../record/object-rows.ts';
import { check, each, HOUR_MS } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';

type Code = 'HELD_DISPOSED' | 'HELD_DAMAGED' | 'HOLD_VANISHED' | 'HELD_WITHOUT_HOLD';

/** What a legal hold keeps is there and whole, and no hold ended but by a release on the ledger. */
export const holdsIntact = check<Code>({
  title: {
    zh: '法律保全：记录完好，保全未被悄然解除',
    en: 'Legal holds: records whole, no hold ended in silence',
  },
  retest: {
    zh: '由账本核对保全的设立与解除，并回读保全记录的副本。',
    en: 'Placing and release are read from the ledger again, and copies of held records read back.',
  },
  codes: {
    HELD_DISPOSED: {
      severity: 'critical',
      wrong: { zh: '保全中的记录已被处置', en: 'A held record was disposed of' },
      fix: {
        zh: '立即报告法务；查明处置如何越过保全。',
        en: 'Tell the lawyers at once; find out how the disposal passed the hold.',
      },
    },
    HELD_DAMAGED: {
      severity: 'critical',
      wrong: {
        zh: '保全记录的副本缺失或损坏',
        en: 'A copy of a held record is missing or damaged',
      },
      fix: {
        zh: '由其他站点修复（voxkeep sites scrub --deep）。',
        en: 'Repair it from another site (voxkeep sites scrub --deep).',
      },
    },
    HOLD_VANISHED: {
      severity: 'critical',
      wrong: {
        zh: '账本记有保全，目录库中却没有，也未解除',
        en: 'The ledger has a hold that the catalog has not, and nobody released it',
      },
      fix: {
        zh: '由站点日志恢复该保全；查明谁删除了它。',
        en: 'Restore the hold from the journal; find out who removed it.',
      },
    },
    HELD_WITHOUT_HOLD: {
      severity: 'high',
      wrong: {
        zh: '记录标为保全，但对应的保全不存在或已解除',
        en: 'A record is held by a hold that is not there, or was released',
      },
      fix: {
        zh: '核对账本后移除该行，或恢复保全。',
        en: 'By the ledger, take the row away or restore the hold.',
      },
    },
  },
  async run(context) {
    const { db, limits, seed, only } = context;
    // Those of a release go in batches behind it.
    const recently = new Date(context.asOf.getTime() - HOUR_MS);
    const { rows: held } = await sql<{
      id: string;
      hold: string;
      state: string | null;
      living: boolean;
    }>`
      select h.record_id as id, h.hold_id as hold, r.state,
        exists (select from legal_hold l where l.id = h.hold_id
          and (l.released_at is null or l.released_at > ${recently})) as living
      from held_record h left join record r on r.id = h.record_id
      order by md5(${seed} || h.record_id::text), h.hold_id`.execute(db);
    const findings: Found<Code>[] = [];
    for (const { id, hold, state, living } of held) {
      const about = { subject: { kind: 'record' as const, id }, detail: { hold } };
      if (!living) findings.push({ code: 'HELD_WITHOUT_HOLD', ...about });
      else if (state === null || state === 'disposed')
        findings.push({ code: 'HELD_DISPOSED', ...about });
    }
    const records = [
      ...new Set(held.filter(({ state }) => state !== 'disposed').map(({ id }) => id)),
    ];
    const drawn = only === undefined ? records.slice(0, limits.sample) : [only];
    for (const id of drawn) findings.push(...(await damaged(context, id)));
    findings.push(...each('HOLD_VANISHED', 'hold', await vanished(context)));
    return { looked: held.length, findings };
  },
});

async function damaged(
  { db, vault, signal }: AuditContext,
  record: string,
): Promise<Found<Code>[]> {
  const findings: Found<Code>[] = [];
  for (const object of await objectsOf(db, record)) {
    for (const site of object.sites) {
      signal.throwIfAborted();
      try {
        await vault.verify(object, site);
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        const subject = { kind: 'object' as const, id: object.id };
        findings.push({
          code: 'HELD_DAMAGED',
          subject,
          site,
          detail: { record, code: error.code },
        });
      }
    }
  }
  return findings;
}

async function vanished({ db, asOf }: AuditContext): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct e.resource as id from ledger_entry e
    where e.action = 'hold.create' and e.outcome = 'ok' and e.resource is not null and e.at <= ${asOf}
      and not exists (select from ledger_entry f where f.action = 'hold.release'
        and f.outcome = 'ok' and f.resource = e.resource)
      and not exists (select from legal_hold l
        where l.id::text = e.resource and l.released_at is null)
    order by 1`.execute(db);
  return rows.map(({ id }) => id);
}
