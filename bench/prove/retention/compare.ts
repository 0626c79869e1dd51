import { hash } from 'node:crypto';
import type pg from 'pg';
import type { NaiveModel } from '../../../test/retention/naive-model.ts';
import { SOURCE_SYSTEM } from './seed-records.ts';

/** Every record as the catalog's columns of state say it: what `NaiveModel.line` says of it. */
const LINES = `select r.id, case
    when r.state = 'disposed' then concat_ws('|', r.state,
      to_char(d.disposed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), d.ground)
    else concat_ws('|', r.state, t.keep_until, case when t.open_ended then 'open' else 'closed' end,
      coalesce(t.at_most::text, ''), coalesce(t.due_on::text, ''), t.rule,
      coalesce(h.holds, 0), coalesce(c.causes, 0))
    end as line
  from record r
  left join record_term t on t.record_id = r.id
  left join disposal d on d.record_id = r.id
  left join (select record_id, count(*) as holds from held_record group by record_id) h
    on h.record_id = r.id
  left join (select record_id, count(*) as causes from record_restriction group by record_id) c
    on c.record_id = r.id
  where r.source_system = $1`;

/** Of a digest of a line so many hexadecimal digits are added up, which needs no order among the lines. */
const DIGITS = 12;
const TOTAL = `select count(*)::int as records, coalesce(sum(
    ('x' || substr(md5(id || ' ' || line), 1, ${DIGITS}))::bit(${DIGITS * 4})::bigint), 0)::text as digest
  from (${LINES}) as lines`;

/** How many disagreements of a day are named. */
const MOST_NAMED = 5;

/**
 * Compares every record of the proof with the model: number and sum of digests, and only where those differ each by
 * each. Resolves to how many records were compared.
 */
export async function compareDay(
  sql: pg.Pool,
  model: NaiveModel,
  day: string,
  problems: string[],
): Promise<number> {
  const told = sql.query(TOTAL, [SOURCE_SYSTEM]);
  // Heard below; meanwhile the model is asked.
  told.catch(() => undefined);
  const ids = model.ids();
  let sum = 0n;
  for (const id of ids) {
    const digest = hash('md5', `${id} ${model.line(id)}`, 'buffer');
    sum += BigInt(digest.readUIntBE(0, DIGITS / 2));
  }
  const { rows } = await told;
  const [{ records, digest }] = rows as [{ records: number; digest: string }];
  if (records === ids.length && digest === String(sum)) return records;
  const lines = await sql.query(LINES, [SOURCE_SYSTEM]);
  const found = new Map<string, string>(lines.rows.map(({ id, line }) => [id, line]));
  const known = new Set(ids);
  const modelled = (id: string) => (known.has(id) ? model.line(id) : undefined);
  const wrong = [...new Set([...ids, ...found.keys()])].filter(
    (id) => found.get(id) !== modelled(id),
  );
  problems.push(`${day}: ${wrong.length} of ${ids.length} records are not as the model says`);
  for (const id of wrong.slice(0, MOST_NAMED)) {
    const says = modelled(id) ?? 'nothing';
    problems.push(`${day}: record ${id} is ${found.get(id) ?? 'missing'}, should be ${says}`);
  }
  return records;
}

/** Nothing is kept past its maximum but what is held. Resolves to how many records are. */
export async function judgeMaximum(sql: pg.Pool, day: string, problems: string[]): Promise<number> {
  const { rows } = await sql.query(
    `select t.record_id, t.at_most, exists (
       select from held_record h where h.record_id = t.record_id) as held
     from record_term t join record r on r.id = t.record_id
     where r.state <> 'disposed' and r.source_system = $1 and t.at_most <= $2::date`,
    [SOURCE_SYSTEM, day],
  );
  const kept = rows as { record_id: string; at_most: string; held: boolean }[];
  for (const one of kept.filter(({ held }) => !held).slice(0, MOST_NAMED)) {
    problems.push(`${day}: record ${one.record_id} is kept past ${one.at_most} without a reason`);
  }
  return kept.filter(({ held }) => held).length;
}
