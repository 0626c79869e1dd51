import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { type ObjectRow, storedObject } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { PipelineDeps } from '../deps.ts';
import { pacer } from '../pace.ts';
import { isNoted, repairCopy } from './repair-copy.ts';
import { type Sweep, sweepSite } from './sweep-site.ts';

export type ScrubKind = 'light' | 'deep';

/** What a walk has come to. `done` is false when it was broken off; the next one goes on from there. */
export interface ScrubReport {
  id: string;
  site: string;
  kind: ScrubKind;
  checked: number;
  faults: number;
  repaired: number;
  done: boolean;
}

const BATCH = 200;
/** Of a copy: what another site's can make good. A site that is away is no fault of its copies. */
const FAULTS = ['OBJECT_MISSING', 'OBJECT_DAMAGED', 'ENVELOPE_DAMAGED', 'KEYS_EPOCH_MISSING'];

/**
 * Looks at every copy that a site should hold, and mends those that are not what was written: light,
 * whether object and envelope are there and of their size; deep, by reading both back, at most
 * `bytesPerSecond`. The site's journal comes next and, deep, what lies there besides. Goes on where an earlier walk of the kind was broken off. Rejects with
 * SITE_UNREACHABLE and the like, all that was found until then being kept.
 */
export async function scrubSite(
  deps: PipelineDeps,
  wanted: { site: string; kind: ScrubKind; bytesPerSecond?: number; signal?: AbortSignal },
): Promise<ScrubReport> {
  const { site, kind, bytesPerSecond, signal } = wanted;
  const run = await begin(deps, site, kind);
  const paced = pacer(bytesPerSecond);
  const open = await openFaults(deps, site);
  for (;;) {
    if (isStopped(signal)) return brokenOff(deps, run);
    const batch = await copiesAfter(deps, site, run.reached);
    if (batch.length === 0) break;
    for (const object of batch) {
      if (isStopped(signal)) return brokenOff(deps, run);
      // Of what was found bad its size says too little.
      const how = open.has(object.id) ? 'deep' : kind;
      const fault = await faultOf(deps, object, site, how);
      if (how === 'deep') await paced(object.sealedBytes);
      run.checked += 1;
      run.reached = object.id;
      if (fault === undefined) await noteWhole(deps, object, site, how);
      else {
        run.faults += 1;
        await noteFault(deps, object, site, fault);
        if (await repairCopy(deps, object, site, fault)) run.repaired += 1;
      }
    }
    await keep(deps, run);
  }
  // Neither counts before it is done: the next walk begins both anew.
  const journal = await deps.scrubJournal({ site, kind, paced, signal });
  if (journal === undefined) return brokenOff(deps, run);
  const strays = kind === 'deep' ? await sweepSite(deps, site, signal) : NOT_SWEPT;
  if (strays === undefined) return brokenOff(deps, run);
  for (const count of COUNTS) run[count] += journal[count];
  await end(deps, run, { journal: journal.checked, ...strays });
  return { ...run, done: true };
}

async function brokenOff(deps: PipelineDeps, run: Run): Promise<ScrubReport> {
  await keep(deps, run);
  return { ...run, done: false };
}

const isStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

type Run = Omit<ScrubReport, 'done'> & { reached: string | null };

async function begin(deps: PipelineDeps, site: string, kind: ScrubKind): Promise<Run> {
  const open = await deps.db
    .selectFrom('scrub_run')
    .selectAll()
    .where('site', '=', site)
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) {
    const { id, reached, checked, faults, repaired } = open;
    return { id, site, kind, reached, checked, faults, repaired };
  }
  const id = newUuidV7(deps.clock);
  const run: Run = { id, site, kind, reached: null, checked: 0, faults: 0, repaired: 0 };
  await deps.db
    .insertInto('scrub_run')
    .values({ ...run, started_at: deps.clock.now(), ended_at: null })
    .execute();
  return run;
}

const keep = (deps: PipelineDeps, { id, reached, checked, faults, repaired }: Run) =>
  deps.db
    .updateTable('scrub_run')
    .set({ reached, checked, faults, repaired })
    .where('id', '=', id)
    .execute();

const COUNTS = ['checked', 'faults', 'repaired'] as const;
const NOT_SWEPT: Partial<Sweep> = {};

async function end(
  deps: PipelineDeps,
  run: Run,
  more: { journal: number } & Partial<Sweep>,
): Promise<void> {
  const { id, site, kind, checked, faults, repaired } = run;
  await deps.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('scrub_run')
      .set({ ended_at: deps.clock.now(), checked, faults, repaired })
      .where('id', '=', id)
      .execute();
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'site.scrub', resource: site, outcome: 'ok' },
      detail: { kind, checked, faults, repaired, ...more },
    });
  });
}

async function copiesAfter(
  deps: PipelineDeps,
  site: string,
  reached: string | null,
): Promise<StoredObject[]> {
  let query = deps.db
    .selectFrom('object_copy')
    .innerJoin('sealed_object', 'sealed_object.id', 'object_copy.object_id')
    .selectAll('sealed_object')
    .where('site', '=', site)
    .where('destroyed_at', 'is', null)
    .orderBy('object_id')
    .limit(BATCH);
  if (reached !== null) query = query.where('object_id', '>', reached);
  return (await query.execute()).map((row) => storedObject(row as ObjectRow, []));
}

async function openFaults(deps: PipelineDeps, site: string): Promise<Set<string>> {
  const rows = await deps.db
    .selectFrom('copy_fault')
    .select('object_id')
    .where('site', '=', site)
    .execute();
  return new Set(rows.map((row) => row.object_id));
}

async function faultOf(
  deps: PipelineDeps,
  object: StoredObject,
  site: string,
  kind: ScrubKind,
): Promise<string | undefined> {
  try {
    await (kind === 'deep' ? deps.vault.verify(object, site) : deps.vault.look(object, site));
    return undefined;
  } catch (error) {
    const code = error instanceof ArchiveError ? error.code : '';
    // What was destroyed, or gave way, while the walk came by is rightly gone.
    if (FAULTS.includes(code)) return (await isNoted(deps.db, object.id, site)) ? code : undefined;
    throw error;
  }
}

async function noteFault(
  deps: PipelineDeps,
  { id }: StoredObject,
  site: string,
  fault: string,
): Promise<void> {
  const found = { fault, found_at: deps.clock.now() };
  await deps.db
    .insertInto('copy_fault')
    .values({ object_id: id, site, ...found, last_error: null })
    .onConflict((conflict) => conflict.columns(['object_id', 'site']).doUpdateSet(found))
    .execute();
}

async function noteWhole(
  deps: PipelineDeps,
  { id }: StoredObject,
  site: string,
  kind: ScrubKind,
): Promise<void> {
  await deps.db
    .deleteFrom('copy_fault')
    .where('object_id', '=', id)
    .where('site', '=', site)
    .execute();
  if (kind === 'light') return;
  await deps.db
    .updateTable('object_copy')
    .set({ verified_at: deps.clock.now() })
    .where('object_id', '=', id)
    .where('site', '=', site)
    .execute();
}
