import { createHash } from 'node:crypto';
import { SearchQuery } from '@voxkeep/contract';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasCode } from '../../core/errors.ts';
import { newUuidV7 } from '../../core/ids.ts';
import {
  type CallRow,
  indexRecords,
  mergePendingEntries,
  reclassify,
  removeFromIndex,
} from '../../index/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { ISSUES, makeRows, WORDS } from './made-rows.testing.ts';
import { type CallFields, searchCalls, type TranscriptTexts } from './search-calls.ts';

const key = (name: string) => createHash('sha256').update(name).digest();
const keys = { epoch: 1, phone: key('phone'), text: key('text'), account: key('account') };
let database: Awaited<ReturnType<typeof testDatabase>>;
let rows: CallRow[] = [];
beforeAll(async () => {
  database = await testDatabase();
  rows = makeRows(400);
  await database.db.transaction().execute((tx) => indexRecords(tx, rows, keys));
});
afterAll(() => database.close());

const fieldsOf = (fields: CallFields) => Buffer.from(JSON.stringify(fields));

async function find(
  input: Record<string, unknown>,
  access = sql<boolean>`true`,
  transcriptTexts?: TranscriptTexts,
) {
  const openFields = async (page: { id: string; fields: Buffer }[]) =>
    new Map(page.map((row) => [row.id, JSON.parse(row.fields.toString()) as CallFields]));
  const query = SearchQuery.parse(input);
  return searchCalls(database.db, {
    ...{ query, access, keys: { current: keys, held: [keys] }, openFields },
    timeZone: 'Asia/Shanghai',
    ...(transcriptTexts === undefined ? {} : { transcriptTexts }),
  });
}

/** Chinese is found wherever it stands, a word in letters only as a whole: wifi is not in wifiwifi. */
function holds(text: string, word: string): boolean {
  if (!/[a-z]/.test(word)) return text.includes(word);
  return new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`).test(text);
}

/** The oracle: the same question to an array. */
function naive(query: Record<string, unknown>): string[] {
  const shanghai = (day: string) => Date.parse(`${day}T00:00:00+08:00`);
  const has = (row: CallRow, phrase: string) =>
    (phrase === '打印机故障' ? ['打印机', '故障'] : phrase.split(' ')).every((word) =>
      row.texts.some((text) => holds(text.toLowerCase(), word)),
    );
  return rows
    .filter((row) => {
      const at = row.startedAt.getTime();
      if (query.from !== undefined && at < shanghai(String(query.from))) return false;
      if (query.to !== undefined && at >= shanghai(String(query.to)) + 86_400_000) return false;
      if (query.agent !== undefined && row.agentId !== query.agent) return false;
      if (query.issueType !== undefined && row.issueType !== query.issueType) return false;
      if (query.tier !== undefined && row.tier !== query.tier) return false;
      if (query.ticket !== undefined && !row.ticketIds.includes(String(query.ticket))) return false;
      if (query.text !== undefined && !has(row, String(query.text))) return false;
      if (query.minDurationS !== undefined) {
        if (Math.round(row.durationMs / 1000) < Number(query.minDurationS)) return false;
      }
      if (query.maxDurationS !== undefined) {
        if (Math.round(row.durationMs / 1000) > Number(query.maxDurationS)) return false;
      }
      if (query.team !== undefined && row.teamId !== query.team) return false;
      if (query.segment !== undefined && row.segment !== query.segment) return false;
      if (query.channel !== undefined && row.channel !== query.channel) return false;
      if (query.direction !== undefined && row.direction !== query.direction) return false;
      if (query.hasFindings !== undefined) {
        if (String(row.findingCount > 0) !== query.hasFindings) return false;
      }
      if (query.phone !== undefined) {
        const [head = '', tail = ''] = String(query.phone).split('****');
        const number = row.phone ?? '';
        const [start, end] = tail === '' ? ['', head] : [head, tail];
        if (!number.startsWith(start) || !number.endsWith(end)) return false;
      }
      return true;
    })
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1))
    .map((row) => row.id);
}

it('finds the calls of agent 001 about 设备故障 from 2025-08-10 to 08-15, whole days of Shanghai', async () => {
  const query = { from: '2025-08-10', to: '2025-08-15', issueType: '设备故障', agent: '001' };
  const found = await find({ ...query, limit: 200 });
  expect(found.hits.map((hit) => hit.id)).toEqual(naive(query));
  expect(found.hits.length).toBeGreaterThan(0);
  expect(found.total).toBe(found.hits.length);
});

it('gives what a plain filter of every row gives, for any combination', async () => {
  const maybe = <T>(values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const queries = fc.record({
    from: maybe(['2025-08-01', '2025-08-10']),
    to: maybe(['2025-08-12', '2025-08-31']),
    agent: maybe(['001', '003']),
    issueType: maybe(ISSUES),
    tier: maybe(['basic', 'core', 'sensitive']),
    text: maybe([...WORDS, '机故', '怎么办', '没有这个词', '打印机 退款', '打印机故障']),
    phone: maybe(['2641', '138****2641', '138****2642', '13800052641']),
    minDurationS: maybe([60, 300]),
    ticket: maybe(['T3', 'T999']),
    team: maybe(['a', 'b']),
    segment: maybe(['VIP', '普通']),
    channel: maybe(['voice', 'video']),
    direction: maybe(['inbound', 'outbound']),
    hasFindings: maybe(['true', 'false']),
    maxDurationS: maybe([300, 500]),
  });
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const given = Object.fromEntries(
        Object.entries(query).filter(([, value]) => value !== undefined),
      );
      const expected = naive(given);
      const found = await find({ ...given, limit: 200, facets: 'true' });
      expect(found.hits.map((hit) => hit.id)).toEqual(expected.slice(0, 200));
      expect(found.total).toBe(expected.length);
      const byTier = found.facets?.tier.reduce((sum, value) => sum + value.count, 0) ?? 0;
      expect(byTier).toBe(expected.length);
    }),
    { numRuns: 150 },
  );
});

it('finds a word in letters as a whole only', async () => {
  const found = await find({ text: 'wifi', limit: 200 });
  expect(found.hits.map((hit) => hit.id)).toEqual(naive({ text: 'wifi' }));
  const glued = rows.filter((row) => row.texts.join().includes('wifiwifi')).length;
  expect(glued).toBeGreaterThan(0);
});

it('pages through everything once, in order, with and without text', async () => {
  for (const text of [undefined, '打印机']) {
    const query = text === undefined ? {} : { text };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await find({ ...query, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.hits.map((hit) => hit.id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(naive(query));
  }
});

it('limits rows, total and facets alike by the access condition', async () => {
  const found = await find({ facets: 'true', limit: 200 }, sql`c.tier = 'basic'`);
  const basic = rows.filter((row) => row.tier === 'basic').length;
  expect(found.total).toBe(basic);
  expect(found.facets?.tier).toEqual([{ value: 'basic', count: basic }]);
  expect(found.hits.every((hit) => hit.tier === 'basic')).toBe(true);
});

it('marks the words that match in the snippet', async () => {
  const { hits } = await find({ text: '退款', limit: 5 });
  for (const hit of hits) {
    const [start = 0, end = 0] = hit.marks?.[0] ?? [];
    expect(hit.snippet?.slice(start, end)).toBe('退款');
  }
  expect(hits.length).toBeGreaterThan(0);
});

it.each([
  [{ text: '机' }, 'SEARCH_TEXT_TOO_SHORT'],
  [{ text: '我们 这个' }, 'SEARCH_TEXT_TOO_SHORT'],
  [{ phone: '138*641' }, 'SEARCH_QUERY_INVALID'],
  [{ phone: 'abcd1234' }, 'SEARCH_QUERY_INVALID'],
  [{ minDurationS: 9, maxDurationS: 8 }, 'SEARCH_QUERY_INVALID'],
  [{ cursor: 'MTIz' }, 'CURSOR_INVALID'],
  [{ from: '2025-08-15', to: '2025-08-15T00:00:00+08:00' }, 'SEARCH_QUERY_INVALID'],
  [{ from: '2025-08-15', to: '2025-08-01' }, 'SEARCH_QUERY_INVALID'],
  [{ cursor: 'bm90LWEtY3Vyc29y' }, 'CURSOR_INVALID'],
])('refuses %o with %s', async (query, code) => {
  const error = await find(query).catch((caught: unknown) => caught);
  expect(hasCode(error, code)).toBe(true);
});

it('settles a token match on the text itself, of the fields or of the whole transcript', async () => {
  const [row] = rows;
  if (row === undefined) throw new Error('no rows');
  const texts = ['天地之间', '地玄妙'];
  const first = { ...row, id: newUuidV7(), texts, fields: fieldsOf({ texts: ['您好'] }) };
  await database.db.transaction().execute((tx) => indexRecords(tx, [first], keys));
  const transcriptTexts = async () => new Map([[first.id, texts]]);
  const open = sql<boolean>`true`;
  // Both pairs of 天地玄 are there, the word is not.
  expect(await find({ text: '"天地玄"' }, open, transcriptTexts)).toMatchObject({
    ...{ hits: [], total: 0 },
  });
  const found = await find({ text: '地玄妙' }, open, transcriptTexts);
  expect(found.hits.map((hit) => [hit.id, hit.snippet, hit.marks])).toEqual([
    [first.id, '地玄妙', [[0, 3]]],
  ]);
  // The first words alone cannot vouch for the match.
  expect((await find({ text: '地玄妙' })).hits).toEqual([]);
  await database.db.transaction().execute((tx) => removeFromIndex(tx, first));
});

it('is indexed again as it is now, not twice, legs and tickets too', async () => {
  const [row] = rows;
  if (row === undefined) throw new Error('no rows');
  const texts = ['独一无二'];
  const changed = { ...row, texts, ticketIds: ['T-new'], fields: fieldsOf({ texts }) };
  for (let time = 0; time < 2; time += 1) {
    await database.db.transaction().execute((tx) => indexRecords(tx, [changed], keys));
  }
  expect((await find({ text: '独一' })).total).toBe(1);
  expect((await find({ ticket: 'T-new' })).hits.map((hit) => hit.id)).toEqual([row.id]);
  const [old = ''] = row.ticketIds;
  expect((await find({ ticket: old, limit: 200 })).hits.map((hit) => hit.id)).not.toContain(row.id);
});

it('finds a call in its new class at once, and not in its old one', async () => {
  const row = rows.find((one) => one.tier === 'basic');
  if (row === undefined) throw new Error('no basic row');
  const change = { tier: 'core', issueType: '设备故障', restricted: true } as const;
  await database.db.transaction().execute((tx) => reclassify(tx, row, change));
  for (const table of ['call', 'call_text'] as const) {
    const now = database.db.selectFrom(table).select(['tier', 'issue_type', 'restricted']);
    const found = await now.where('id', '=', row.id).executeTakeFirst();
    expect(found).toEqual({ tier: 'core', issue_type: '设备故障', restricted: true });
  }
  const unknown = { id: newUuidV7(), startedAt: row.startedAt };
  const refused = database.db.transaction().execute((tx) => reclassify(tx, unknown, change));
  const error = await refused.catch((caught: unknown) => caught);
  expect(hasCode(error, 'CALL_NOT_INDEXED')).toBe(true);
});

it('leaves nothing of a removed call in any table', async () => {
  const row = rows.at(-1);
  if (row === undefined) throw new Error('no rows');
  await database.db.transaction().execute((tx) => removeFromIndex(tx, row));
  const left = await sql`select id from call where id = ${row.id}
    union all select id from call_text where id = ${row.id}
    union all select record_id from call_leg where record_id = ${row.id}
    union all select record_id from call_ticket where record_id = ${row.id}`.execute(database.db);
  expect(left.rows).toEqual([]);
});

it('makes months on demand, for many writers at once and after a writer that gave up', async () => {
  const [row] = rows;
  if (row === undefined) throw new Error('no rows');
  const at = (month: number) => ({
    ...{ ...row, id: newUuidV7(), startedAt: new Date(Date.UTC(2031, month, 3)) },
  });
  const gaveUp = database.db.transaction().execute(async (tx) => {
    await indexRecords(tx, [at(0)], keys);
    throw new Error('rolled back');
  });
  await expect(gaveUp).rejects.toThrow('rolled back');
  // Every writer holds rows of one month while it makes the next: no ring of waiting.
  const writers = [0, 1, 2, 3].map((first) =>
    database.db.transaction().execute(async (tx) => {
      for (const month of [first, first + 1, 0]) await indexRecords(tx, [at(month)], keys);
    }),
  );
  await Promise.all(writers);
  const found = await find({ from: '2031-01-01', limit: 200 });
  expect(found.total).toBe(12);
});

it('moves new entries out of the pending lists', async () => {
  await mergePendingEntries(database.db);
  expect(await mergePendingEntries(database.db)).toBe(0);
});
