import { readFileSync } from 'node:fs';
import type { SearchResult } from '@voxkeep/contract';
import { fillCatalog } from '../measure/fill-catalog.ts';
import { superuserOf } from './access/catalog.ts';
import { ArchiveClock } from './access/clock.ts';
import { makeWorlds, runInterleavings } from './access/interleavings/run.ts';
import { signersOf } from './access/interleavings/world.ts';
import { judgeCells } from './access/judge-cells.ts';
import { judgeRoutes } from './access/judge-routes.ts';
import { judgeLists } from './access/lists/judge-lists.ts';
import { People } from './access/people.ts';
import { Seeded } from './access/random.ts';
import { TestArchive } from './test-archive.ts';

const TIME_ZONE = 'Asia/Shanghai';
const FULL = {
  part: 1,
  atRandom: 60_000,
  rows: 160,
  lists: 10_000,
  interleavings: 10_000,
  worlds: 30,
};
const SMALL: typeof FULL = {
  part: 0.03,
  atRandom: 5000,
  rows: 60,
  lists: 300,
  interleavings: 160,
  worlds: 6,
};

/**
 * Who may see what, from the outside, against an oracle written from the documents alone. `--small`
 * for every day, `--seed N` for one run again, `--only PART` while something is looked for.
 */
export async function proveAccess(say: (line: string) => void): Promise<string[]> {
  const sizes = process.argv.includes('--small') ? SMALL : FULL;
  const seed = Number(option('--seed') ?? Date.now() % 1_000_000_007);
  const only = option('--only');
  say(`seed ${seed}`);
  const archive = new TestArchive();
  const clock = new ArchiveClock(archive);
  const problems: string[] = [];
  const counts: string[] = [];
  const part = async (name: string, work: () => Promise<string>) => {
    if (only !== undefined && only !== name) return;
    const started = performance.now();
    const count = await work();
    counts.push(count);
    say(`${count} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  };
  try {
    // Weeks go by in minutes: nothing is rehearsed meanwhile.
    await archive.start([], clock.nodeArgs, { ...clock.env, VOXKEEP_DRILL_DAYS: '0' });
    const people = await People.of(archive);
    const sql = await superuserOf(archive);
    try {
      const [known = ''] = await recordIds(archive);
      await part('cells', async () => {
        const options = { ...sizes, random: new Seeded(seed), timeZone: TIME_ZONE };
        return `${await judgeCells(people.admin, options, problems)} cells`;
      });
      await part('routes', async () => {
        return `${await judgeRoutes(archive, people, known, problems)} routes`;
      });
      const worlds = await makeWorlds(archive, people, { clock, worlds: sizes.worlds });
      const [first] = worlds;
      await part('lists', async () => {
        if (first === undefined) return 'no lists';
        await fillCatalog(archive, sizes.rows);
        const signers = signersOf(first);
        const untouched = new Set(
          worlds.flatMap(({ records, long }) => [...records, long].map(({ id }) => id)),
        );
        const given = {
          clock,
          sql,
          signers,
          untouched,
          random: new Seeded(seed),
          count: sizes.lists,
        };
        return `${await judgeLists(people, given, problems)} lists`;
      });
      await part('interleavings', async () => {
        const { interleavings: count } = sizes;
        const given = { clock, sql, seed, worlds, count };
        const { done, tried } = await runInterleavings(archive, people, given, problems);
        for (const [name, times] of [...tried].sort()) say(`  ${times} × ${name}`);
        return `${done} interleavings`;
      });
    } finally {
      await sql.end();
    }
    for (const line of failuresIn(archive)) problems.push(`the archive's log: ${line}`);
    if (problems.length === 0) say(`prove access: OK ${counts.join(', ')}`);
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}

/** What failed inside is never right, whatever was answered. */
const failuresIn = (archive: TestArchive): string[] =>
  readFileSync(archive.log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('request failed'))
    .slice(0, 20);

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The sample calls, once all of them are archived. */
async function recordIds(archive: TestArchive): Promise<string[]> {
  for (let waited = 0; waited < 120_000; waited += 500) {
    const { hits } = await archive.json<SearchResult>('qa', '/records?limit=200');
    if (hits.length >= 12) return hits.map(({ id }) => id);
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('the sample calls are not archived');
}
