/**
 * Search measured at the database: `node bench/search-sql.ts [rows=100000] [runs=60]` makes a
 * throw-away catalog, fills it, and prints the insert rate, bytes a record, p50 and p99 of every
 * kind of question, and the indexes that each plan used.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SearchQuery } from '@voxkeep/contract';
import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { sqlCondition, type Viewer } from '../packages/server/src/access/policy.ts';
import type { Tables } from '../packages/server/src/core/database.ts';
import { mergePendingEntries } from '../packages/server/src/index/index.ts';
import { poolConfig } from '../packages/server/src/platform/postgres/connect.ts';
import { startEmbeddedServer } from '../packages/server/src/platform/postgres/embedded-server.ts';
import { migrate } from '../packages/server/src/platform/postgres/migrate.ts';
import { type CallFields, searchCalls } from '../packages/server/src/serve/search/index.ts';
import { benchKeys, type GeneratedCall, generateRows, insertRows } from './search-rows.ts';

const count = Number(process.argv[2] ?? 100_000);
const runs = Number(process.argv[3] ?? 60);
const timeZone = 'Asia/Shanghai';
const now = new Date('2026-11-01T00:00:00Z');
const keys = benchKeys();
const fieldsKey = randomBytes(32);

function seal(plain: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', fieldsKey, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(sealed: Buffer): CallFields {
  const cipher = createDecipheriv('aes-256-gcm', fieldsKey, sealed.subarray(0, 12));
  cipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]);
  return JSON.parse(inflateRawSync(plain).toString()) as CallFields;
}

const viewer = (role: Viewer['role'], more: Partial<Viewer> = {}): Viewer => ({
  ...{ actorId: 'bench', username: 'bench', displayName: 'bench', role, ...more },
});

const folder = await mkdtemp(join(tmpdir(), 'voxkeep-bench-'));
const server = await startEmbeddedServer({
  ...{ dataDir: join(folder, 'pg'), socketDir: folder, password: 'throw-away', durable: false },
});
const pool = new pg.Pool(poolConfig(server.address));
// Idle connections end with the server.
pool.on('error', () => undefined);
const statements: { sql: string; parameters: readonly unknown[] }[] = [];
const db = new Kysely<Tables>({
  dialect: new PostgresDialect({ pool }),
  log: ({ query }) => {
    statements.push({ sql: query.sql, parameters: query.parameters });
    if (statements.length > 100) statements.length = 0;
  },
});
try {
  await migrate(pool);
  const sample: GeneratedCall[] = [];
  await fill(sample);
  await bytes();
  await measure(sample);
} finally {
  await db.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function fill(sample: GeneratedCall[]): Promise<void> {
  function* sampled() {
    let at = 0;
    for (const call of generateRows(count, 1, now)) {
      if (at % Math.ceil(count / 2000) === 0) sample.push(call);
      at += 1;
      yield call;
    }
  }
  const started = performance.now();
  const before = process.cpuUsage();
  const { rows, indexMs } = await insertRows(db, sampled(), {
    keys,
    sealFields: (call) => seal(deflateRawSync(JSON.stringify(call.shown))),
  });
  const allMs = performance.now() - started;
  console.log(
    `${rows} rows; catalog rows ${Math.round((rows / indexMs) * 1000)}/s, made and sealed too ${Math.round((rows / allMs) * 1000)}/s`,
  );
  const { user } = process.cpuUsage(before);
  console.log(
    `${Math.round(user / rows)} µs of this process a row, making and sealing it included`,
  );
  const merging = performance.now();
  const pages = await mergePendingEntries(db);
  console.log(`${pages} pending pages merged in ${Math.round(performance.now() - merging)} ms`);
  await sql`vacuum analyze`.execute(db);
}

async function bytes(): Promise<void> {
  const { rows } = await sql<{ name: string; bytes: string }>`
    select coalesce(p.relname, c.relname) || case when c.relkind = 'i' then ' ' || coalesce(
        (select pc.relname from pg_inherits ph join pg_class pc on pc.oid = ph.inhparent
         where ph.inhrelid = c.oid), regexp_replace(c.relname, 'y\\d+m\\d+_?', ''))
      else ' heap' end as name, sum(pg_table_size(c.oid)) as bytes
    from pg_class c
    left join pg_index i on i.indexrelid = c.oid
    left join pg_inherits h on h.inhrelid = coalesce(i.indrelid, c.oid)
    left join pg_class p on p.oid = h.inhparent
    where c.relkind in ('r', 'i') and coalesce(p.relname, c.relname) like 'call%'
    group by 1 order by 1`.execute(db);
  for (const row of rows)
    console.log(`${(Number(row.bytes) / count).toFixed(0).padStart(6)} B/record  ${row.name}`);
}

async function measure(sample: GeneratedCall[]): Promise<void> {
  const some = (at: number) => sample[(at * 7919) % sample.length]?.row as GeneratedCall['row'];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const days = (row: GeneratedCall['row'], length: number) => ({
    from: day(row.startedAt),
    to: day(new Date(row.startedAt.getTime() + length * 86_400_000)),
  });
  const wordOf = (at: number) =>
    some(at).texts[3 + (at % 4)]?.replace(/\[.*$/, '').slice(0, 2) ?? '退款';
  const qa = sqlCondition(viewer('qa'), 'search', now, timeZone);
  const agent = (id: string) =>
    sqlCondition(viewer('agent', { agentId: id }), 'search', now, timeZone);
  type Case = [
    string,
    (at: number) => Record<string, unknown>,
    ((at: number) => RawBuilder<boolean>)?,
  ];
  const cases: Case[] = [
    ['newest 50', () => ({})],
    ['newest 50, facets', () => ({ facets: 'true' })],
    [
      'agent + issue type + 6 days',
      (at) => ({ agent: some(at).agentId, issueType: some(at).issueType, ...days(some(at), 5) }),
    ],
    ['agent', (at) => ({ agent: some(at).agentId })],
    ['issue type, facets', (at) => ({ issueType: some(at).issueType, facets: 'true' })],
    ['危机事件 (0.5 %), facets', () => ({ issueType: '危机事件', facets: 'true' })],
    [
      'team + tier + month',
      (at) => ({ team: some(at).teamId, tier: 'core', ...days(some(at), 30) }),
    ],
    [
      'video, outbound, 政企客户 (0.01 %)',
      () => ({ channel: 'video', direction: 'outbound', segment: '政企客户' }),
    ],
    ['30 minutes and longer', () => ({ minDurationS: 1800 })],
    ['phone, whole', (at) => ({ phone: some(at).phone })],
    ['phone, last four', (at) => ({ phone: some(at).phone?.slice(-4) })],
    ['phone, 138****2641', (at) => ({ phone: maskOf(some(at).phone) })],
    ['phone, last four + text', (at) => ({ phone: some(at).phone?.slice(-4), text: '您好' })],
    ['ticket', (at) => ({ ticket: some(at).ticketIds[0] ?? 'none' })],
    ['text 您好 (all)', () => ({ text: '您好' })],
    ['text 您好 (all), facets', () => ({ text: '您好', facets: 'true' })],
    ['text 退款', () => ({ text: '退款' })],
    ['text 打印机 卡纸', () => ({ text: '打印机 卡纸' })],
    ['text, any word', (at) => ({ text: wordOf(at) })],
    ['text, any word, facets', (at) => ({ text: wordOf(at), facets: 'true' })],
    ['text, no such word', () => ({ text: '鱻龘' })],
    ['text + agent', (at) => ({ text: wordOf(at), agent: some(at).agentId })],
    [
      'text + issue type + month',
      (at) => ({ text: wordOf(at), issueType: some(at).issueType, ...days(some(at), 30) }),
    ],
    ['as agent: newest 50', () => ({}), (at) => agent(some(at).agentId)],
    ['as agent: newest 50, facets', () => ({ facets: 'true' }), (at) => agent(some(at).agentId)],
    ['as agent: text, any word', (at) => ({ text: wordOf(at) }), (at) => agent(some(at).agentId)],
  ];
  for (const [name, make, access] of cases) {
    const times: number[] = [];
    let total = 0;
    for (let at = 0; at < runs + 5; at += 1) {
      const query = SearchQuery.parse(make(at));
      statements.length = 0;
      const started = performance.now();
      const found = await searchCalls(db, {
        ...{ query, access: access?.(at) ?? qa, timeZone },
        keys: { current: keys, held: [keys] },
        openFields: async (rows) => new Map(rows.map((row) => [row.id, open(row.fields)])),
      });
      // The first few fill caches.
      if (at >= 5) times.push(performance.now() - started);
      total += found.total;
    }
    times.sort((a, b) => a - b);
    const at = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(1).padStart(7);
    const mean = Math.round(total / (runs + 5));
    console.log(
      `p50 ${at(0.5)} p99 ${at(0.99)} ms  ${name}  [${mean} found]  ${await plansOf(statements.slice())}`,
    );
  }
}

function maskOf(phone: string | undefined): string {
  return `${phone?.slice(0, 3)}****${phone?.slice(-4)}`;
}

/** Indexes and whole-table scans of the statements' plans, partitions left out of the names. */
async function plansOf(asked: typeof statements): Promise<string> {
  const seen = new Set<string>();
  for (const statement of asked) {
    const { rows } = await pool.query(`explain ${statement.sql}`, [...statement.parameters]);
    const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    for (const [, , index = ''] of plan.matchAll(
      /(Index[\w ]*Scan|Bitmap Index Scan)(?: Backward)?(?: using| on) (\w+)/g,
    )) {
      seen.add(index.replace(/y\d{4}m\d{2}_/, ''));
    }
    for (const [, table = ''] of plan.matchAll(/Seq Scan on (\w+)/g))
      seen.add(`SEQ:${table.replace(/_y\d{4}m\d{2}/, '')}`);
  }
  return [...seen].sort().join(' ');
}
