import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filesUnder } from '../../oracle/read-sealed-object.ts';
import type { ArchiveClock } from '../access/clock.ts';
import type { TestArchive } from '../test-archive.ts';
import type { OwnPostgres } from './own-postgres.ts';
import { runVoxkeep } from './rebuild.ts';
import type { Site, SiteFolders } from './site-folders.ts';

const FROM: Site = 'cloud';
/** That a recovery reads back before the archive serves, where nobody has set another number. */
const NEWEST_ENTRIES = 16_384;
/** Calls that a drill opens at most. */
const OPENS = { sample: 20, whole: 100 };
/** One in so many calls loses an object at the site, at least one. */
const HARMED = 20;
/** What the archive itself writes there while it is rehearsed. */
const ALIVE = /^(ledger|journal\/t\d+\/segments|journal\/tombstones)\/|\/\.drafts\//;

interface Drill {
  id: string;
  outcome?: string;
  figures?: Record<string, number>;
}

interface Scene {
  archive: TestArchive;
  start(): Promise<unknown>;
  postgres: OwnPostgres;
  database: string;
  folders: SiteFolders;
  clock: ArchiveClock;
}

/**
 * A recovery rehearsed while the archive serves: its figures are those of the catalog, nothing is written at
 * the site, nothing stays behind, also of one whose archive is killed, and what the site has lost is found.
 */
export async function proveDrills(scene: Scene, problems: string[]): Promise<string> {
  const { archive, folders } = scene;
  await until('the snapshot of the day', () => hasSnapshot(scene));
  const began = performance.now();
  const before = await count(scene);
  const listed = filesAt(folders.of(FROM));
  const good = await drill(scene, []);
  const after = await count(scene);
  const changed = differences(listed, filesAt(folders.of(FROM)));
  if (changed.length > 0) problems.push(`a drill changed ${changed.slice(0, 3)} at ${FROM}`);
  if (good.code !== 0 || good.drill.outcome !== 'ok') {
    problems.push(`a drill from ${FROM} ended with ${good.code}: ${good.text}`);
  }
  const { figures = {} } = good.drill;
  const wanted: Record<string, [number, number]> = {
    records: [before.records, after.records],
    recordsOfArchive: [before.records, after.records],
    rows: [before.rows, after.rows],
    rowsOfSnapshot: [before.rows, after.rows],
    // Older ones come behind a recovery, so a sample leaves them alone.
    ledgerEntries: [Math.min(before.entries, NEWEST_ENTRIES), after.entries],
    callsOpened: [Math.min(OPENS.sample, before.archived), OPENS.sample],
    callsNotOpened: [0, 0],
    copiesDue: [0, 0],
    rtoWholeS: [figures['rtoS'] ?? 1, figures['rtoS'] ?? 0],
    bytesRead: [1, Number.MAX_SAFE_INTEGER],
  };
  for (const [name, [least, most]] of Object.entries(wanted)) {
    const told = figures[name] ?? Number.NaN;
    if (told >= least && told <= most) continue;
    problems.push(`a drill tells ${name} ${told}, which is not from ${least} to ${most}`);
  }
  expectNoScratch(archive, 'a drill', problems);

  const lost = await takeObjects(scene, Math.max(1, Math.floor(before.archived / HARMED)));
  const bad = await drill(scene, ['--whole']);
  for (const { path, bytes } of lost) writeFileSync(path, bytes, { mode: 0o600 });
  const found = bad.drill.figures?.['callsNotOpened'] ?? 0;
  const all = before.archived <= OPENS.whole;
  if (bad.code !== 1 || bad.drill.outcome !== 'failed') {
    problems.push(`a drill of a site that lost objects ended with ${bad.code}: ${bad.text}`);
  }
  if (all ? found !== lost.length : found === 0) {
    problems.push(`${lost.length} calls lost an object at ${FROM}, and ${found} were found`);
  }
  expectNoScratch(archive, 'a drill that failed', problems);
  await proveBreak(scene, problems);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  return `${figures['records']} records in ${figures['rtoS']} s, ${figures['callsOpened']} calls opened, ${found} of ${lost.length} lost objects found; nothing written, nothing left (${seconds} s)`;
}

/** The archive is killed in the midst of a drill. */
async function proveBreak({ archive, start }: Scene, problems: string[]): Promise<void> {
  const body = Buffer.from(JSON.stringify({ site: FROM, kind: 'whole' }));
  const headers = { 'content-type': 'application/json' };
  const answer = await archive.ask('operator', 'POST', '/drills', body, headers);
  if (answer.status !== 202) throw new Error(`drill: ${answer.status} ${answer.body}`);
  await until('the catalog of a drill', () => scratches(archive).some(hasCatalog));
  await archive.kill();
  await until('the end of a drill without its archive', () => scratches(archive).length === 0);
  await start();
  await until('a drill that was broken off', async () => {
    const { drills } = await archive.json<{ drills: Drill[] }>('operator', '/drills');
    return drills[0]?.outcome === 'broken-off';
  });
  expectNoScratch(archive, 'a drill that was broken off', problems);
}

const hasCatalog = (scratch: string) => existsSync(join(scratch, 'pg/postmaster.pid'));

const scratches = ({ data }: TestArchive): string[] => {
  const folder = join(data, 'drill');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

function expectNoScratch(archive: TestArchive, what: string, problems: string[]): void {
  const left = scratches(archive);
  if (left.length > 0) problems.push(`${what} left ${left.join()}`);
}

async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await done()) return;
    await sleep(100);
  }
  throw new Error(`${what} does not come`);
}

/** It is written once a day, and not in the midst of a drill then. */
async function hasSnapshot({ postgres, database, clock }: Scene): Promise<boolean> {
  const rows = await postgres.ask(
    database,
    'select id from journal_snapshot where ended_at is not null and started_at > $1',
    [new Date(clock.now().getTime() - 86_400_000)],
  );
  return rows.length > 0;
}

/** As an operator at a terminal. */
async function drill(
  { archive }: Scene,
  options: string[],
): Promise<{ code: number | null; text: string; drill: Drill }> {
  const places = ['--url', archive.url, '--data', archive.data, '--user', 'operator', '--json'];
  const { code, out, err } = await runVoxkeep([...places, 'drill', '--from', FROM, ...options], {});
  const told = out.startsWith('{') ? (JSON.parse(out) as Drill) : { id: '' };
  return { code, text: `${out}${err}`.slice(0, 2000), drill: told };
}

/** What there is, as the catalog itself says. */
async function count({ postgres, database }: Scene) {
  const [row] = await postgres.ask<Record<'records' | 'archived' | 'rows' | 'entries', number>>(
    database,
    `select (select count(*)::int from record) as records,
       (select count(*)::int from record where state = 'archived') as archived,
       (select table_rows::int from journal_snapshot where ended_at is not null
        order by id desc limit 1) as rows,
       (select count(*)::int from ledger_entry) as entries`,
  );
  if (row === undefined) throw new Error('nothing was counted');
  return row;
}

/** Takes one object of each of so many calls away from the site. */
async function takeObjects({ postgres, database, folders }: Scene, calls: number) {
  const rows = await postgres.ask<{ id: string }>(
    database,
    `select distinct on (record_id) o.id from sealed_object o
       join object_copy c on c.object_id = o.id and c.site = '${FROM}'
     where o.purpose = 'redacted' and o.pool <> 'quarantine' and o.destroyed_at is null
     order by record_id limit ${calls}`,
  );
  const files = filesUnder(folders.of(FROM));
  return rows.map(({ id }) => {
    const path = files.find((one) => one.endsWith(`${id}.vko`));
    if (path === undefined) throw new Error(`object ${id} is not at ${FROM}`);
    const bytes = readFileSync(path);
    rmSync(path);
    return { path, bytes };
  });
}

/** Every file with its size and when it was written. */
function filesAt(folder: string): Map<string, string> {
  return new Map(
    filesUnder(folder).map((path) => {
      // A draft is gone in a moment.
      const stat = statSync(path, { throwIfNoEntry: false });
      return [path.slice(folder.length + 1), `${stat?.size} ${stat?.mtimeMs}`];
    }),
  );
}

/** But for what the archive goes on to write. */
function differences(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !ALIVE.test(name) && before.get(name) !== after.get(name));
}
