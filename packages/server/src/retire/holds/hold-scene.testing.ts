import type { HoldIn, HoldSearch } from '@voxkeep/contract';
import type { Actor, Audit, AuditEntry } from '../../core/audit.ts';
import { fixedClock } from '../../core/clock.ts';
import type { Tx } from '../../core/database.ts';
import { newRecordId } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import { type CallRow, indexRecords } from '../../index/index.ts';
import { openFields, sealFields } from '../../keys/index.ts';
import { entryBody } from '../../ledger/entry.ts';
import { searchesOfHolds } from '../../main/holds-view.ts';
import { createNotices } from '../../notices/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { mayDispose } from '../may-dispose.ts';
import { type HoldDeps, type HoldGate, holdGate, type Officer, placeHold } from './index.ts';

const KEYS = {
  ...{ epoch: 1, phone: Buffer.alloc(32, 4), text: Buffer.alloc(32, 5), account: Buffer.alloc(32) },
};
const INDEX = { current: KEYS, held: [KEYS] };
const SEAL_KEY = Buffer.alloc(32, 8);
export const TODAY = '2026-11-20';
export const STARTED_AT = new Date('2020-03-05T02:00:00Z');

export const officer = (name: string, person = name): Officer => ({
  ...{ actor: { id: name, role: 'compliance' } satisfies Actor, person, requestId: `r-${name}` },
});
export const LI = officer('li');
export const WANG = officer('wang');

interface As {
  agentId?: string;
  startedAt?: Date;
  texts?: string[];
}

export interface HoldScene extends HoldDeps {
  gate: HoldGate;
  entries: AuditEntry[];
  /** What was asked for again. */
  settled: string[];
  /** Called when an entry is appended. */
  onEntry: { run: () => void };
  /** A call as the last step leaves it, whose minimum is long over. */
  call(as?: As & { tx?: Tx }): Promise<string>;
  calls(count: number, as: (at: number) => As): Promise<string[]>;
  place(asked?: Partial<HoldIn>, by?: Officer): ReturnType<typeof placeHold>;
  search(search: HoldSearch, by?: Officer): Promise<string>;
  /** Who may not go because of which holds; undefined when it may. */
  heldBy(recordId: string): Promise<string[] | undefined>;
  /** Disposes of it when that is allowed, as the disposal does. */
  dispose(recordId: string): Promise<boolean>;
  close(): Promise<void>;
}

/** The room over a real catalog; the ledger is in memory. */
export async function holdScene(): Promise<HoldScene> {
  const database = await testDatabase();
  const { db } = database;
  const clock = fixedClock(`${TODAY}T01:00:00Z`);
  const entries: AuditEntry[] = [];
  const settled: string[] = [];
  const onEntry: HoldScene['onEntry'] = { run: () => undefined };
  const audit: Audit = {
    async append(_tx, entry) {
      const { actor, ...rest } = entry;
      entryBody({ actorId: actor.id, actorRole: actor.role, ...rest }, new Date());
      onEntry.run();
      entries.push(entry);
      return { outboxId: String(entries.length) };
    },
    settle: async (outboxId) => ({ index: Number(outboxId) }),
  };
  const deps: HoldDeps = {
    ...{ db, clock, audit, random: systemRandom, notices: createNotices({ clock }) },
    texts: {
      seal: (id, plain) => sealFields(SEAL_KEY, id, plain, systemRandom),
      open: (id, sealed) => openFields(SEAL_KEY, id, sealed),
    },
    searches: searchesOfHolds(INDEX, 'Asia/Shanghai'),
    commitmentKey: Buffer.alloc(32, 3),
    accountOf: async (id) =>
      id.startsWith('custodian') ? { role: 'agent', locked: false } : undefined,
    settleDeferred: async (_tx, recordIds) => void settled.push(...recordIds),
  };
  const gate = holdGate(deps);
  const place: HoldScene['place'] = (asked = {}, by = LI) =>
    placeHold(
      deps,
      { matter: '退款纠纷 2026', reason: '法务通知保全', custodians: [], ...asked },
      by,
    );
  const judge = async (tx: Tx, recordId: string) => {
    await tx
      .selectFrom('record')
      .select('id')
      .where('id', '=', recordId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    return mayDispose(tx, recordId, TODAY, gate);
  };
  return {
    ...deps,
    ...{ gate, entries, settled, onEntry, place },
    async call({ tx, ...as } = {}) {
      const call = madeCall(as);
      const insert = (open: Tx) => insertCalls(open, [call]);
      await (tx === undefined ? db.transaction().execute(insert) : insert(tx));
      return call.id;
    },
    async calls(count, as) {
      const calls = Array.from({ length: count }, (_, at) => madeCall(as(at)));
      await db.transaction().execute((tx) => insertCalls(tx, calls));
      return calls.map(({ id }) => id);
    },
    search: async (search, by) => (await place({ search }, by)).id,
    heldBy: (recordId) =>
      db.transaction().execute(async (tx) => {
        const verdict = await judge(tx, recordId);
        if (verdict.allowed) return undefined;
        return verdict.by === 'hold' ? verdict.holdIds : [verdict.by];
      }),
    dispose: (recordId) =>
      db.transaction().execute(async (tx) => {
        if (!(await judge(tx, recordId)).allowed) return false;
        await tx
          .updateTable('record')
          .set({ state: 'disposed' })
          .where('id', '=', recordId)
          .execute();
        return true;
      }),
    close: () => database.close(),
  };
}

const madeCall = ({ agentId = '001', startedAt = STARTED_AT, texts = ['您好'] }: As): CallRow => ({
  ...{ id: newRecordId(fixedClock(startedAt), systemRandom), startedAt, agentId, texts },
  ...{ durationMs: 60_000, tier: 'basic', issueType: '业务咨询', legAgentIds: [agentId] },
  ...{ channel: 'voice', direction: 'inbound', ticketIds: [], findingCount: 0 },
  ...{ fields: Buffer.alloc(0), phone: '13800007315' },
});

async function insertCalls(tx: Tx, calls: CallRow[]): Promise<void> {
  await tx
    .insertInto('record')
    .values(
      calls.map(({ id, startedAt }) => ({
        ...{ id, state: 'archived', tier: 'basic', source_system: 'test' },
        ...{ idempotency_key: Buffer.from(id), media_digest: Buffer.alloc(32), media_bytes: 1 },
        ...{ started_at: startedAt, received_at: startedAt, archived_at: startedAt },
        ...{ resume_state: null, reason_code: null, reason: null },
      })),
    )
    .execute();
  await tx
    .insertInto('record_term')
    .values(
      calls.map(({ id }) => ({
        ...{ record_id: id, keep_until: '2021-03-05', open_ended: false, at_most: null },
        ...{ due_on: '2021-03-05', rule: 'test', rules: 1, why: '{}' },
      })),
    )
    .execute();
  await indexRecords(tx, calls, KEYS);
}
