import { growPopulation, MOST_POPULATION, type Population } from '@voxkeep/proof';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../core/database.ts';
import { engagementError } from './engagement-error.ts';

/** Ids in one row, and the bytes of each. */
const CHUNK_IDS = 4096;
const ID_BYTES = 16;

/** Calls that began within these moments, of these tiers; restricted ones too. */
export interface Reach {
  from: Date;
  before: Date;
  tiers: readonly string[];
}

/**
 * Writes down, ascending, the ids of the calls that a sample is drawn from, and resolves to the tree over them: what is
 * disposed of or reclassified later changes nothing of it. Rejects with SAMPLE_POPULATION_LARGE.
 */
export async function keepPopulation(
  tx: Tx,
  sampleId: string,
  { from, before, tiers }: Reach,
): Promise<Population> {
  const within = sql`started_at >= ${from} and started_at < ${before}
    and tier = any(${[...tiers]}::text[])`;
  const { rows } = await sql<{ n: string }>`select count(*) as n from (
    select 1 from call where ${within} limit ${MOST_POPULATION + 1}) counted`.execute(tx);
  if (Number(rows[0]?.n ?? 0) > MOST_POPULATION) {
    const message = `more than ${MOST_POPULATION} calls are of this period and these tiers`;
    throw engagementError('SAMPLE_POPULATION_LARGE', message, 'body/calls');
  }
  await sql`insert into engagement_population (sample_id, chunk, ids)
    select ${sampleId}::uuid, chunk, string_agg(uuid_send(id), ''::bytea order by id)
    from (select id, ((row_number() over (order by id) - 1) / ${CHUNK_IDS})::int as chunk
      from call where ${within}) numbered
    group by chunk`.execute(tx);
  return growPopulation(populationParts(tx, sampleId));
}

/** The ids, as they were written down, in parts. */
export async function* populationParts(
  db: Queryable,
  sampleId: string,
): AsyncGenerator<readonly string[]> {
  for (let chunk = 0; ; chunk += 1) {
    const row = await db
      .selectFrom('engagement_population')
      .select('ids')
      .where('sample_id', '=', sampleId)
      .where('chunk', '=', chunk)
      .executeTakeFirst();
    if (row === undefined) return;
    const count = row.ids.length / ID_BYTES;
    yield Array.from({ length: count }, (_, at) => idAt(row.ids, at));
  }
}

/** The ids at these positions, from 0, in their order. */
export async function idsAt(
  db: Queryable,
  sampleId: string,
  positions: readonly number[],
): Promise<string[]> {
  const chunks = new Map<number, Buffer>();
  const wanted = [...new Set(positions.map((at) => Math.floor(at / CHUNK_IDS)))];
  const rows = await db
    .selectFrom('engagement_population')
    .select(['chunk', 'ids'])
    .where('sample_id', '=', sampleId)
    .where('chunk', 'in', wanted)
    .execute();
  for (const { chunk, ids } of rows) chunks.set(chunk, ids);
  return positions.map((position) => {
    const ids = chunks.get(Math.floor(position / CHUNK_IDS));
    if (ids === undefined) throw new RangeError(`sample ${sampleId} has no position ${position}`);
    return idAt(ids, position % CHUNK_IDS);
  });
}

function idAt(ids: Buffer, at: number): string {
  const hex = ids.toString('hex', at * ID_BYTES, (at + 1) * ID_BYTES);
  return [
    ...[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16)],
    ...[hex.slice(16, 20), hex.slice(20)],
  ].join('-');
}
