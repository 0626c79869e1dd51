import type pg from 'pg';
import type { RequestModel } from './model.ts';
import type { World } from './world.ts';

type Row = Record<string, unknown>;

/** A superuser's hand: what he writes is put back afterwards. */
export class Forger {
  readonly #sql: pg.Pool;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(sql: pg.Pool) {
    this.#sql = sql;
  }

  async rows(table: string, where: string, values: unknown[]): Promise<Row[]> {
    const text = `select to_jsonb(t) as row from ${table} t where ${where}`;
    const { rows } = await this.#sql.query<{ row: Row }>(text, values);
    return rows.map(({ row }) => row);
  }

  /** Other values for the row of this key; false when there is none. */
  async change(table: string, key: [string, unknown], values: Row): Promise<boolean> {
    const [column, id] = key;
    const before = await this.rows(table, `${column} = $1`, [id]);
    if (before.length === 0) return false;
    this.#undo.push(async () => {
      for (const row of before) await this.#write(table, key, row);
    });
    await this.#write(table, key, values);
    return true;
  }

  async insert(table: string, row: Row & { id: string }): Promise<void> {
    this.#undo.push(() => this.#sql.query(`delete from ${table} where id = $1`, [row.id]));
    await this.#sql.query(
      `insert into ${table} select * from jsonb_populate_record(null::public.${table}, $1)`,
      [row],
    );
  }

  async putBack(): Promise<void> {
    for (const step of this.#undo.splice(0).reverse()) await step();
  }

  async #write(table: string, [column, id]: [string, unknown], values: Row): Promise<void> {
    const names = Object.keys(values).map((name) => `"${name}"`);
    await this.#sql.query(
      `update ${table} t set (${names.join()}) = row(${names.map((name) => `n.${name}`).join()})
       from jsonb_populate_record(null::public.${table}, $2) n where t.${column} = $1`,
      [id, values],
    );
  }
}

/** Writes what would open something to somebody, if rows were believed; false where nothing is to write. */
type Forgery = (hand: Forger, world: World, request: RequestModel, now: Date) => Promise<boolean>;

const later = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000);
const inForce = (now: Date): Row => ({
  ...{ state: 'approved', live_since: later(now, -1), ends_at: later(now, 180) },
  decide_by: later(now, 1000),
});

/** The statement with other terms, under the approvals that the first terms got. */
const otherTerms =
  (
    change: (terms: { fields: string[]; records: Row[]; minutes: number }, world: World) => void,
  ): Forgery =>
  async (hand, world, request, now) => {
    const [row] = await hand.rows('access_request', 'id = $1', [request.id]);
    const terms = JSON.parse(String(row?.['canonical']));
    change(terms, world);
    const values = { ...inForce(now), canonical: JSON.stringify(terms) };
    return hand.change('access_request', ['id', request.id], values);
  };

export const FORGERIES: Readonly<Record<string, Forgery>> = {
  'in force by its row': (hand, _world, request, now) =>
    hand.change('access_request', ['id', request.id], inForce(now)),

  'wider fields': otherTerms((terms) => {
    terms.fields = ['attachments', 'download', 'export', 'media', 'original', 'transcript'];
  }),

  'other records': otherTerms((terms, { records }) => {
    terms.records = records.map(({ id, startedAt }) => ({
      ...{ id, startedAt: startedAt.toISOString(), tier: 'sensitive' },
    }));
  }),

  'a longer time': otherTerms((terms) => {
    terms.minutes = 240;
  }),

  'another holder': (hand, { agent }, request, now) =>
    hand.change('access_request', ['id', request.id], {
      ...{ ...inForce(now), requester_id: agent.known.id, holder_id: agent.known.id },
    }),

  'an approval copied to a second person': async (hand, { officer }, request, now) => {
    const rows = await hand.rows('access_decision', 'request_id = $1', [request.id]);
    const signed = rows.find((row) => row['assertion'] !== null);
    if (signed === undefined) return false;
    await hand.insert('access_decision', {
      ...{ ...signed, id: crypto.randomUUID(), actor_id: officer.known.id, person: 'f'.repeat(32) },
    });
    return hand.change('access_request', ['id', request.id], inForce(now));
  },

  'the role of an inspector': (hand, { auditor }) =>
    hand.change('staff', ['actor_id', auditor.known.id], { role: 'qa' }),

  'a session of another account': async (hand, { auditor, agent }) => {
    const sessions = await hand.rows('staff_session', 'actor_id = $1', [agent.known.id]);
    for (const { id } of sessions) {
      await hand.change('staff_session', ['id', id], { actor_id: auditor.known.id });
    }
    return sessions.length > 0;
  },

  'a looser tier': async (hand, { records }) => {
    const core = records.find(({ tier }) => tier !== 'basic');
    if (core === undefined) return false;
    await hand.change('record', ['id', core.id], { tier: 'basic' });
    return hand.change('call', ['id', core.id], { tier: 'basic' });
  },
};
