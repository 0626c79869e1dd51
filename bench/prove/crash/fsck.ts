import { setTimeout as wait } from 'node:timers/promises';
import type { LedgerStateView } from '@voxkeep/contract';
import type { Books } from './books.ts';
import { judgeActs } from './judge-acts.ts';
import { judgeFiles, type Leftover } from './judge-files.ts';
import type { Scene } from './scene.ts';

/** The archive tries again at least every five minutes. */
const LONGEST_REST_MS = 8 * 60_000;
const LOOK_EVERY_MS = 250;

export interface Findings {
  entries: number;
  copies: number;
  leftovers: Leftover[];
}

/** The whole check of an archive that is at rest, by readers that share no line with it. */
export class Fsck {
  readonly #scene: Scene;
  readonly #books: Books;
  readonly #seen = new Set<string>();
  #vkey: string | undefined;

  constructor(scene: Scene, books: Books) {
    this.#scene = scene;
    this.#books = books;
  }

  /** Quick: every acknowledged record is in the catalog, on its way or at its end. */
  async judgeRecords(problems: string[]): Promise<void> {
    const rows = await this.#scene.rows<{ id: string; state: string; reason_code: string | null }>(
      'select id, state, reason_code from record where id = any($1)',
      [this.#books.recordIds],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const id of this.#books.recordIds) {
      const row = found.get(id);
      if (row === undefined) problems.push(`record ${id} was acknowledged and is lost`);
      else if (row.state === 'quarantined') {
        problems.push(`record ${id} stopped in quarantine: ${row.reason_code}`);
      }
    }
  }

  /** Waits until all work is done, then looks at everything. `again` opens what was opened before too. */
  async judgeAll(problems: string[], again: boolean): Promise<Findings> {
    await this.#untilAtRest(problems);
    await this.judgeRecords(problems);
    const open = await this.#open();
    if (open.length > 0) problems.push(`${open.length} records do not come to be archived`);
    if (again) this.#seen.clear();
    const { leftovers, opened } = await judgeFiles(this.#scene, this.#seen, problems);
    this.#vkey ??= (
      await this.#scene.archive.json<LedgerStateView>('auditor', '/ledger/state')
    ).verifierKey;
    const entries = await judgeActs(this.#scene, this.#books, this.#vkey, problems);
    await this.#judgeCatalog(problems);
    return { entries, copies: opened, leftovers };
  }

  async #untilAtRest(problems: string[]): Promise<void> {
    const began = Date.now();
    while (Date.now() - began < LONGEST_REST_MS) {
      if ((await this.#open()).length === 0 && (await this.#due()) === 0) return;
      await wait(LOOK_EVERY_MS);
    }
    problems.push(`work does not end in ${LONGEST_REST_MS / 60_000} minutes`);
  }

  async #open(): Promise<string[]> {
    const rows = await this.#scene.rows<{ id: string }>(
      "select id from record where state not in ('archived', 'quarantined')",
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Jobs that are not a matter of days, and copies of which the same is true: those that wait for the daily hour are
   * due when it has come, and what failed is due whenever it is tried again.
   */
  async #due(): Promise<number> {
    const [jobs] = await this.#scene.rows<{ count: string }>(
      "select count(*) from graphile_worker._private_jobs where run_at < now() + interval '6 hours'",
    );
    const [copies] = await this.#scene.rows<{ count: string }>(
      `select count(*) from pending_copy where not_before < $1::timestamptz or (
         not_before < $1::timestamptz + interval '2 hours' and (attempts > 0 or not bulk))`,
      [this.#scene.now()],
    );
    return Number(jobs?.count ?? 0) + Number(copies?.count ?? 0);
  }

  /** A record is findable when it is archived, and only then; whole, in every table. */
  async #judgeCatalog(problems: string[]): Promise<void> {
    const rows = await this.#scene.rows<{ id: string; what: string }>(
      `select r.id, 'archived, and not found by a search' as what from record r
         where r.state = 'archived' and (not exists (select 1 from call c where c.id = r.id)
           or not exists (select 1 from call_text t where t.id = r.id))
       union all
       select c.id, 'found by a search, and not archived' from call c
         where not exists (select 1 from record r where r.id = c.id and r.state = 'archived')
       union all
       select o.record_id, 'has objects and no record' from sealed_object o
         where not exists (select 1 from record r where r.id = o.record_id)
       union all
       select k.record_id, 'is claimed by a call and not there' from intake_key k
         where k.disposed_at is null and not exists (select 1 from record r where r.id = k.record_id)`,
    );
    problems.push(...rows.map(({ id, what }) => `record ${id}: ${what}`));
    const manifests = await this.#scene.rows<{ id: string; count: string }>(
      `select r.id, count(o.id) from record r left join sealed_object o
         on o.record_id = r.id and o.purpose = 'manifest' and o.destroyed_at is null
       where r.state = 'archived' group by r.id having count(o.id) <> 1`,
    );
    problems.push(...manifests.map(({ id, count }) => `record ${id} has ${count} manifests`));
  }
}
