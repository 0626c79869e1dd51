import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { check } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';
import { dayText, type RecordFactsRow, recordsIn, termFactsOf } from '../record-rows.ts';

type Code =
  | 'DISPOSED_UNLOGGED'
  | 'DISPOSED_EARLY'
  | 'DISPOSAL_CHANGED'
  | 'TERM_TOO_SHORT'
  | 'TERM_MISSING'
  | 'TOMBSTONE_MISSING';

/** Nothing was disposed of before the rules that were in force then allowed it; no term is shorter than they say. */
export const retentionMinimum = check<Code>({
  title: { zh: '留存：未早于最短期限处置', en: 'Retention: nothing went before its minimum' },
  retest: {
    zh: '由账本的处置时间和当时有效的规则重新推算最短期限。',
    en: 'The minimum is reckoned again from the ledger’s time and the rules in force then.',
  },
  codes: {
    DISPOSED_UNLOGGED: {
      severity: 'critical',
      wrong: {
        zh: '记录已处置，但账本没有处置条目',
        en: 'A record is disposed of without an entry in the ledger',
      },
      fix: {
        zh: '查明谁改动了目录库；如副本尚在，由站点恢复。',
        en: 'Find out who changed the catalog; restore it from a site where copies are left.',
      },
    },
    DISPOSED_EARLY: {
      severity: 'critical',
      wrong: {
        zh: '记录在最短期限届满前被处置',
        en: 'A record was disposed of before its legal minimum',
      },
      fix: {
        zh: '报告合规负责人；核对规则版本与审批。',
        en: 'Report it to compliance; look at the rules and the approvals of that day.',
      },
    },
    DISPOSAL_CHANGED: {
      severity: 'critical',
      wrong: {
        zh: '处置记录与账本中的摘要不符',
        en: 'What a disposal says is not what the ledger has the digest of',
      },
      fix: {
        zh: '查明谁改动了目录库；由站点日志恢复该行。',
        en: 'Find out who changed the catalog; restore the row from the journal.',
      },
    },
    TERM_TOO_SHORT: {
      severity: 'high',
      wrong: {
        zh: '记录的期限短于现行规则的最短期限',
        en: 'A record’s term is shorter than the rules in force',
      },
      fix: {
        zh: '重新推算期限；查明期限为何被缩短。',
        en: 'Have its term reckoned again; find out why it was shortened.',
      },
    },
    TERM_MISSING: {
      severity: 'high',
      wrong: { zh: '已归档记录没有期限', en: 'An archived record has no term' },
      fix: {
        zh: '重新推算期限（重新启用现行规则）。',
        en: 'Have its term reckoned: put the rules in force into force again.',
      },
    },
    TOMBSTONE_MISSING: {
      severity: 'high',
      wrong: {
        zh: '已处置记录没有墓碑，重新取入会使其复活',
        en: 'A disposed record has no tombstone: a re-fetch could bring it back',
      },
      fix: { zh: '由账本补记墓碑。', en: 'Have the tombstone written again from the ledger.' },
    },
  },
  async run(context) {
    const findings: Found<Code>[] = [];
    let looked = 0;
    for await (const rows of recordsIn(context, ['archived', 'restricted', 'disposed'])) {
      looked += rows.length;
      const gone = rows.filter(({ state }) => state === 'disposed');
      findings.push(...(await judgeGone(context, gone)));
      const terms = await termsOf(
        context,
        rows.filter(({ state }) => state !== 'disposed'),
      );
      findings.push(...terms);
    }
    return { looked, findings };
  },
});

async function judgeGone(
  context: AuditContext,
  rows: readonly RecordFactsRow[],
): Promise<Found<Code>[]> {
  if (rows.length === 0) return [];
  const { db, retention, timeZone } = context;
  const ids = rows.map(({ id }) => id);
  const logged = await sql<{ id: string; at: Date; until: string | null; digest: string | null }>`
    select distinct on (resource) resource as id, at, detail ->> 'keepUntil' as until,
      detail ->> 'digest' as digest from ledger_entry
    where resource = any(${ids}) and action = 'record.dispose' and outcome = 'ok'
    order by resource, index`.execute(db);
  const told = await db
    .selectFrom('disposal')
    .select(['record_id', 'facts', 'digest'])
    .where('record_id', 'in', ids)
    .execute();
  const stones = await db
    .selectFrom('intake_key')
    .select('record_id')
    .where('record_id', 'in', ids)
    .where('disposed_at', 'is not', null)
    .execute();
  const findings: Found<Code>[] = [];
  for (const row of rows) {
    const subject = { kind: 'record' as const, id: row.id };
    if (!stones.some((one) => one.record_id === row.id)) {
      findings.push({ code: 'TOMBSTONE_MISSING', subject });
    }
    const entry = logged.rows.find(({ id }) => id === row.id);
    if (entry === undefined) {
      findings.push({ code: 'DISPOSED_UNLOGGED', subject });
      continue;
    }
    const { at, until, digest } = entry;
    const facts = told.find(({ record_id }) => record_id === row.id)?.facts;
    if (facts === undefined || `d${sha256Hex(facts)}` !== digest) {
      findings.push({ code: 'DISPOSAL_CHANGED', subject });
    }
    const term = await retention.termOf(termFactsOf(row), at);
    const day = dayText(timeZone, at);
    // What the record was is gone with it: its tier gives the least, and the ledger what was known then.
    const keepUntil = [term.keepUntil, until ?? ''].toSorted().at(-1) ?? '';
    if (day >= keepUntil) continue;
    findings.push({ code: 'DISPOSED_EARLY', subject, detail: { day, keepUntil } });
  }
  return findings;
}

async function termsOf(
  context: AuditContext,
  rows: readonly RecordFactsRow[],
): Promise<Found<Code>[]> {
  if (rows.length === 0) return [];
  const kept = await context.db
    .selectFrom('record_term')
    .select(['record_id', 'keep_until', 'open_ended'])
    .where(
      'record_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  const terms = new Map(kept.map((term) => [term.record_id, term]));
  const findings: Found<Code>[] = [];
  for (const row of rows) {
    const subject = { kind: 'record' as const, id: row.id };
    const given = terms.get(row.id);
    if (given === undefined) {
      findings.push({ code: 'TERM_MISSING', subject });
      continue;
    }
    const { keepUntil, openEnded, rule } = await context.retention.termOf(
      termFactsOf(row),
      context.asOf,
    );
    const closed = openEnded && !given.open_ended;
    if (!closed && given.keep_until >= keepUntil) continue;
    const detail = { keepUntil: given.keep_until, rule, openEnded };
    findings.push({ code: 'TERM_TOO_SHORT', subject, detail });
  }
  return findings;
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
