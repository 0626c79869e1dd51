import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, readEnvelope, readObject } from '../../oracle/read-sealed-object.ts';
import type { Scene } from './scene.ts';

const SITES = ['hq', 'branch', 'cloud'];
const POOLS = ['basic', 'core', 'sensitive', 'quarantine'];
/** Where what is acknowledged has to be. */
const NEEDED: Record<string, string[]> = { basic: ['hq'] };
const NEEDED_ELSE = ['hq', 'branch'];
/**
 * Old basic calls give way at hq, sound and pictures only, once the other sites have them: three months old at least,
 * noted, and told to the ledger. What is gone without all of that is lost.
 */
const GIVES_WAY = { site: 'hq', pool: 'basic', purposes: ['redacted', 'screenshot'] };
const THREE_MONTHS_MS = 89 * 86_400_000;

interface ObjectRow {
  id: string;
  record_id: string;
  purpose: string;
  pool: string;
  /** Null for an object of no record, which is judged elsewhere. */
  started_at: Date | null;
  evicted: boolean;
  sha256: string;
  destroyed: boolean;
  sites: string[];
  pending: string[];
}

/** A file that the catalog does not know; harmless, but in nobody's hands. */
export interface Leftover {
  path: string;
  kind: 'object' | 'envelope';
  writtenAtMs: number;
}

/**
 * Every file of the sites against every row of the catalog: what a row says is there opens with a reader
 * of the formats alone and has its digest; what a row says is destroyed is gone. `seen` spares what was
 * opened before. Resolves to the files without a row.
 */
export async function judgeFiles(
  scene: Scene,
  seen: Set<string>,
  problems: string[],
): Promise<{ leftovers: Leftover[]; opened: number }> {
  const rows = await scene.rows<ObjectRow>(
    `select o.id, o.record_id, o.purpose, o.pool, r.started_at, encode(o.sealed_sha256, 'hex') as sha256,
       o.destroyed_at is not null as destroyed,
       array(select c.site from object_copy c where c.object_id = o.id) as sites,
       array(select p.site from pending_copy p where p.object_id = o.id) as pending,
       exists(select from evicted_copy e where e.object_id = o.id and e.site = '${GIVES_WAY.site}')
         and exists(select from ledger_entry l where l.action = 'object.evict'
           and l.resource = o.record_id::text and l.outcome = 'ok') as evicted
     from sealed_object o left join record r on r.id = o.record_id`,
  );
  const there = new Set(SITES.flatMap((site) => filesOf(scene, site)));
  let opened = 0;
  for (const row of rows) {
    const { id, pool, purpose, destroyed, sites, pending } = row;
    const needed = destroyed ? [] : (NEEDED[pool] ?? NEEDED_ELSE);
    const gone = gaveWay(row, scene.now());
    for (const site of needed.filter((one) => !sites.includes(one) && one !== gone)) {
      problems.push(`${pool} ${purpose} ${id} has no copy at ${site}`);
    }
    for (const site of SITES) {
      const files = filesFor(site, row);
      if (site === gone) {
        // The envelope stays, so that the copy can come back.
        const [envelope = ''] = files;
        const wrong = there.delete(envelope) ? judgeEnvelope(scene, envelope, row) : 'is missing';
        if (wrong !== undefined) problems.push(`${envelope} of a copy that gave way: ${wrong}`);
        continue;
      }
      if (destroyed || (!sites.includes(site) && !pending.includes(site))) {
        const alive = files.filter((file) => there.has(file));
        if (destroyed) problems.push(...alive.map((file) => `${file} is there, and destroyed`));
        if (destroyed) for (const file of alive) there.delete(file);
        continue;
      }
      for (const file of files) there.delete(file);
      const key = `${site} ${id}`;
      if (!sites.includes(site) || seen.has(key)) continue;
      const wrong = judgeCopy(scene, site, row);
      if (wrong === undefined) seen.add(key);
      else problems.push(`${site} ${pool} ${purpose} ${id}: ${wrong}`);
      opened += 1;
    }
  }
  const leftovers = [...there].map((path) => ({
    ...{ path, kind: path.endsWith('.vko') ? ('object' as const) : ('envelope' as const) },
    writtenAtMs: statSync(join(scene.archive.data, 'sites', path)).mtimeMs,
  }));
  return { leftovers, opened };
}

/** The site where an old call's copy gave way: it is rightly not there. */
function gaveWay(row: ObjectRow, now: Date): string | undefined {
  const { pool, purpose, sites, destroyed, started_at: startedAt, evicted } = row;
  const mayGo =
    !destroyed &&
    evicted &&
    pool === GIVES_WAY.pool &&
    GIVES_WAY.purposes.includes(purpose) &&
    startedAt !== null &&
    now.getTime() - startedAt.getTime() > THREE_MONTHS_MS &&
    SITES.every((site) => site === GIVES_WAY.site || sites.includes(site));
  return mayGo && !sites.includes(GIVES_WAY.site) ? GIVES_WAY.site : undefined;
}

function judgeEnvelope(scene: Scene, envelope: string, row: ObjectRow): string | undefined {
  try {
    const path = join(scene.archive.data, 'sites', envelope);
    const { recordId } = readEnvelope(path, scene.archive.keys);
    return recordId === row.record_id ? undefined : 'the envelope is another record’s';
  } catch (error) {
    return (error as Error).message;
  }
}

function judgeCopy(scene: Scene, site: string, row: ObjectRow): string | undefined {
  const root = join(scene.archive.data, 'sites');
  const { keys } = scene.archive;
  const [envelope = '', object] = filesFor(site, row);
  if (object === undefined) return judgeEnvelope(scene, envelope, row);
  try {
    const found = readObject(join(root, object), row.pool, keys);
    const sealed = readFileSync(found.path);
    if (createHash('sha256').update(sealed).digest('hex') !== row.sha256) return 'other bytes';
    if (found.recordId !== row.record_id || found.purpose !== row.purpose) return 'another object';
    found.open(sealed);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Envelope, and object where there is one, below the folder of sites. */
function filesFor(site: string, { id, pool, purpose }: ObjectRow): string[] {
  const place = `${id.slice(0, 4)}/${id.slice(4, 7)}/${id}`;
  const envelope = `${site}/${pool}/envelopes/${place}.vke`;
  return purpose === 'record-key' ? [envelope] : [envelope, `${site}/${pool}/objects/${place}.vko`];
}

function filesOf(scene: Scene, site: string): string[] {
  const root = join(scene.archive.data, 'sites');
  return POOLS.flatMap((pool) =>
    ['objects', 'envelopes'].flatMap((kind) =>
      filesUnder(join(root, site, pool, kind)).map((path) => path.slice(root.length + 1)),
    ),
  );
}

/** Drafts: below the pools, in the ledgers, and in the key folder. */
export function draftsOf(scene: Scene): string[] {
  const sites = SITES.map((site) => join(scene.archive.data, 'sites', site));
  const all = [...sites.flatMap((site) => filesUnder(site)), ...filesUnder(scene.archive.keys)];
  return all.filter((path) => /\/\.drafts\/|\.tmp$|\.new$/.test(path));
}
