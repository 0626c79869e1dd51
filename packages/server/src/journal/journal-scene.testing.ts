import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { siteJournal } from '../main/open-journal.ts';
import { beginAnew } from '../pipeline/resume-after-recovery.ts';
import { MemorySite } from '../place/memory-site.testing.ts';
import { copyRows } from '../platform/postgres/copy-rows.ts';
import { migrate } from '../platform/postgres/migrate.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { journalSeal } from './journal-seal.ts';
import { CatalogRebuild, type RebuildStep } from './rebuild-catalog.ts';
import { keptTables } from './tables.ts';
import type { JournalWriter } from './write-segment.ts';
import type { SnapshotWriter } from './write-snapshot.ts';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const b = (n: number) => Buffer.from(`bytes ${n}\t\n\\x`).toString('hex');

/** One row of each table that a rebuilt catalog has; awkward values on purpose. */
const ROWS: Record<string, (n: number) => string> = {
  record: (n) => `'${id(n)}','received',null,null,E'tab\\there "quoted"\\n中文','pbx','\\x${b(n)}',
    '\\x${b(n)}',9007199254740993,now(),now(),null,'{"a":[1,2.50,9007199254740993]}',null,0,0`,
  intake_key: (n) => `'\\x${b(n)}','${id(n)}','\\x${b(n)}',null`,
  sealed_object: (n) => `'${id(n)}','${id(n)}','original',0,'basic',1,'audio/wav',1,2,'\\x${b(n)}'`,
  object_copy: (n) => `'${id(n)}','hq',now(),null,null`,
  pending_copy: (n) => `'${id(n)}','cloud',now(),0,null,now(),true`,
  call: (n) => `'${id(n)}','2026-0${(n % 9) + 1}-03T00:00:00.123456Z'`,
  call_text: (n) => `'${id(n)}','2026-0${(n % 9) + 1}-03T00:00:00Z'`,
  call_leg: (n) => `'${id(n)}',now(),'agent-${n}'`,
  call_ticket: (n) => `9223372036854775807 - ${n},'${id(n)}',now()`,
  saved_filter: (n) => `'${id(n)}','actor-${n}',now(),'\\x${b(n)}'`,
  staff: (n) => `'actor-${n}','user-${n}','张三','agent',null,null,now(),null`,
  api_key: (n) => `'${id(n)}','key','vk_${n}','\\x${b(n)}',null,'actor-1',now(),now(),null,
    '{intake,"a b"}'`,
  setup_token: (n) => `'\\x${b(n)}',now(),null`,
  record_case: (n) => `'${id(n)}',null,'team','actor-1',now()`,
  access_request: (n) => `'${id(n)}','records','pending','actor-1','p','actor-1','{}','complaint',
    '\\x${b(n)}',now(),now()`,
  access_decision: (n) => `'${id(n)}','${id(n)}','actor-1','approver','p${n}','approved',now()`,
  passkey: (n) => `'${id(n)}','actor-1','p','label','awaiting','cred-${n}','{}',now()`,
  passkey_confirmation: (n) => `'${id(n)}','actor-1','admin','p',now()`,
  notice: (n) => `'${id(n)}','actor-1','kind','alarm',null,'{}',now(),null`,
  notice_address: (n) => `'actor-${n}','\\x${b(n)}',now()`,
  placement_policy: (n) => `${n} + 100,'{}','d${n}',now(),null,now()`,
  evicted_copy: (n) => `'${id(n)}','hq',now()`,
  reclassification: (n) => `'${id(n)}','core','actor-1','p',now()`,
  site_filling: (n) => `'site-${n}',now(),${n},9007199254740993,now()`,
  index_epoch: (n) => `${n} + 100,'${n}',now(),now(),'${id(n)}',1,1,0,null`,
  drill_report: (n) => `'${id(n)}','hq','sample','actor-1',now(),now(),'ok',null,'{"rtoS":1.50}'`,
  retention_rules: (n) => `${n} + 100,'rules','digest','actor-1',now(),null,now()`,
  retention_proposal: () => `true,'rules','preview','actor-1','p',now()`,
  retention_review: (n) => `${n} + 100,'profile',now()`,
  record_anchor: (n) => `'${id(n)}','contract_end','2026-01-01','actor-1',now()`,
  record_term: (n) => `'${id(n)}','2027-01-01',false,null,'2027-01-02','rule',${n},'{"n":1.50}'`,
  record_restriction: (n) => `'${id(n)}','${id(n)}','closure',now()`,
  pending_lock: (n) => `'${id(n)}',now()`,
  legal_hold: (n) => `'${id(n)}','\\x${b(n)}',null,null,'actor-1',now(),null,null,null`,
  held_record: (n) => `'${id(n)}','${id(n)}',now()`,
  hold_custodian: (n) => `'${id(n)}','actor-1',now(),null,null`,
  hold_exemption: (n) => `'${id(n)}','${id(n)}','actor-1',now(),'\\x${b(n)}'`,
  disposal_run: (n) => `'${id(n)}','due','done','2026-01-01',1,null,'archive',null,now(),now()`,
  disposal_item: (n) => `'${id(n)}','${id(n)}','policy','rule','basic','disposed',null,now()`,
  disposal_decision: (n) => `'${id(n)}','actor-1','approver','p${n}','approved',now()`,
  disposal: (n) => `'${id(n)}','${id(n)}','delete','policy','rule','clause','2026-01-01',now(),
    '2026','{}','digest'`,
  pending_destruction: (n) => `'${id(n)}','hq','${id(n)}','basic',false,now()`,
  disposed_call_count: (n) => `'2026-01-01','basic','issue ${n}','voice','inbound','m1',${n}`,
  account_closure: (n) =>
    `'${id(n)}','\\x${b(n)}','\\x${b(n)}','\\x${b(n)}','2026-01-01','t',now()`,
  person_watch: (n) => `'\\x${b(n)}','${id(n)}','closure',null,true`,
  subject_request: (n) => `'${id(n)}','copy','received','\\x${b(n)}','2026-01-01','2026-02-01',
    'actor-1','p',now()`,
  original_wait: (n) =>
    `'${id(n)}','${id(n)}','2027-01-01','granted','actor-1','p',now(),'\\x${b(n)}'`,
  original_wait_decision: (n) => `'${id(n)}','${id(n)}','actor-1','p${n}','approved',now()`,
  epoch_end: (n) => `'${n}',now(),now()`,
  share_attestation: (n) => `'set',${n},'actor-1',now()`,
  audit_run: (n) => `'${id(n)}','actor-1','month ${n}',now(),'a1',now(),now(),'passed','{"open":1}',
    'key','digest'`,
  audit_check: (n) => `'${id(n)}','clock.sane','passed',null,9007199254740993,0,1,now()`,
  audit_finding: (n) => `'${id(n)}','${id(n)}',${n},'clock.sane','A_CODE','low','site','hq',null,
    '{"n":1.50}','m${n}','open',now()`,
  register_entry: (n) => `'${id(n)}','consent_basis','\\x${b(n)}',null,null,'2026-01-01',
    '2027-01-01','digest','actor-1',now()`,
  engagement: (n) => `'${id(n)}','confirmed','\\x${b(n)}','c${n}','2026-01-01','2026-02-01',
    '2025-01-01','2025-12-31','{basic,core}','{}','actor-1','p',now(),'actor-2',now()`,
  engagement_sample: (n) => `'${id(n)}','${id(n)}',${n},'drawn','2025-01-01','2025-12-31','{basic}',
    9,'root',1,'c${n}','actor-1',now(),'nonce','seed','actor-1',now()`,
  engagement_population: (n) => `'${id(n)}',${n},'\\x${b(n)}'`,
  engagement_drawn: (n) => `'${id(n)}',${n},${n},'${id(n)}'`,
  engagement_evidence: (n) => `'${id(n)}','${id(n)}','answered','\\x${b(n)}','["${id(n)}"]',
    '2026-02-01','actor-1',now(),'\\x${b(n)}','[{"kind":"record","id":"${id(n)}"}]','actor-2',now()`,
  engagement_finding: (n) => `'${id(n)}','${id(n)}','open','high','sample','${id(n)}','\\x${b(n)}',
    'actor-1',now()`,
};

/** Where a table's columns are not those above, in their order, then by name. */
const NAMED: Record<string, (n: number) => Record<string, string>> = {
  sealed_object: (n) => ({
    ...{ id: `'${id(n)}'`, record_id: `'${id(n)}'`, purpose: `'original'`, pool: `'basic'` },
    ...{ version: '1', media_type: `'audio/wav'`, plain_bytes: '1', sealed_bytes: '2' },
    ...{ sealed_sha256: `'\\x${b(n)}'`, created_at: 'now()' },
  }),
  call: (n) => callColumns(n, { fields: `'\\x${b(n)}'`, phone_index: `${n} - 9007199254740993` }),
  call_text: (n) => callColumns(n, { tokens: `array[${n}, -2147483648, 7]` }),
};

const callColumns = (n: number, more: Record<string, string>) => ({
  ...{ id: `'${id(n)}'`, started_at: `'2026-0${(n % 9) + 1}-03T00:00:00.123456Z'` },
  ...{ duration_s: '60', tier: `'basic'`, issue_type: `'consult'`, agent_id: `'a'` },
  ...{ channel: `'voice'`, direction: `'inbound'`, finding_count: '0' },
  ...more,
});

/** Puts row `n` into every table, those first that others refer to. */
export async function fillTables(db: Db, n: number, only?: string): Promise<string[]> {
  const tables = await keptTables(db);
  const filled: string[] = [];
  for (const { name } of tables) {
    if (only !== undefined && name !== only) continue;
    const named = NAMED[name]?.(n);
    const values = ROWS[name]?.(n);
    if (values === undefined) continue;
    if (name === 'call' || name === 'call_text') {
      await sql`select voxkeep_ensure_month(${`2026-0${(n % 9) + 1}-03T00:00:00Z`})`.execute(db);
    }
    const text =
      named === undefined
        ? `insert into ${name} values (${values})`
        : `insert into ${name} (${Object.keys(named).join()}) values (${Object.values(named).join()})`;
    await sql.raw(`${text} on conflict do nothing`).execute(db);
    filled.push(name);
  }
  return filled;
}

/** Every row of a catalog's kept tables, as text, in one order. */
export async function wholeCatalog(db: Db): Promise<Record<string, string[]>> {
  const whole: Record<string, string[]> = {};
  for (const { name } of await keptTables(db)) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t order by 1`.execute(db);
    whole[name] = rows.map(({ row }) => row);
  }
  return whole;
}

export type JournalScene = Awaited<ReturnType<typeof journalScene>>;

/** A catalog whose journal goes to three sites in memory. */
export async function journalScene() {
  const database = await testDatabase();
  const sites = ['hq', 'branch', 'cloud'].map((name) => new MemorySite(name));
  const stores = sites.map(siteJournal);
  const seal = journalSeal(Buffer.alloc(32, 9), 'archive');
  const clock: Clock = { now: () => new Date() };
  const noted: { action: string; detail: unknown }[] = [];
  const audit = {
    append: async (_: unknown, { action, detail }: { action: string; detail?: unknown }) => {
      noted.push({ action, detail });
      return { outboxId: '0' };
    },
    settle: async () => ({ index: 0 }),
  };
  const { version: schema } = await database.db
    .selectFrom('voxkeep_migration' as never)
    .select(sql<number>`max(version)`.as('version'))
    .executeTakeFirstOrThrow();
  const writer: JournalWriter & SnapshotWriter = {
    ...{ db: database.db, pool: database.pool, stores, seal, clock, audit, schema },
    ...{ random: systemRandom, rows: copyRows },
  };
  const copies: { close(): Promise<void> }[] = [];
  return {
    ...{ database, db: database.db, sites, stores, seal, writer, noted },
    /** A rebuild into a catalog of its own, from one of the sites. */
    async rebuild(
      at: number,
      store = stores[at],
      share = 1,
      onProgress: (step: RebuildStep) => void = () => undefined,
      only: (table: string) => string | undefined = () => undefined,
    ) {
      const target = await testDatabase();
      copies.push(target);
      if (store === undefined) throw new TypeError('no such site');
      const { db, pool } = target;
      const rebuild = new CatalogRebuild({
        ...{ db, pool, store, seal, rows: copyRows, onProgress, only, share: () => share },
        migrateTo: async (to) => void (await migrate(pool, undefined, to)),
        beginAnew: (sites) => beginAnew(db, sites),
      });
      return { target, rebuild };
    },
    async close() {
      for (const copy of copies) await copy.close();
      await database.close();
    },
  };
}
