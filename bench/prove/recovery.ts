import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ArchiveClock } from './access/clock.ts';
import { makeChaos } from './recovery/chaos.ts';
import { compareCatalogs } from './recovery/compare-catalogs.ts';
import { Delivery } from './recovery/deliver-all.ts';
import { proveDrills } from './recovery/drill.ts';
import { expectedMissing } from './recovery/expected-missing.ts';
import { OwnPostgres } from './recovery/own-postgres.ts';
import { linesOf, rebuildFrom } from './recovery/rebuild.ts';
import { measureScale } from './recovery/scale.ts';
import { scrubAll } from './recovery/scrub-all.ts';
import { serveRebuilt } from './recovery/serve-rebuilt.ts';
import { Harms, SITES, SiteFolders } from './recovery/site-folders.ts';
import { TestArchive } from './test-archive.ts';

const SIZES = {
  full: { calls: 2000, kills: 200, harms: 300, rows: [20_000, 200_000], alone: SITES },
  small: { calls: 20, kills: 4, harms: 9, rows: [], alone: ['hq'] },
} as const;
const DATABASE = 'voxkeep';
const MOST_MINUTES = 45;
const NO_LAG = { p50: -1, p99: -1 };

interface SitesLag {
  sites: { name: string; pendingCopies: number; lagMs?: { p50: number; p99: number } }[];
}

/**
 * An archive that takes calls while its processes are killed, its sites cut off and filled and its copies
 * harmed; what it acknowledged is kept outside of it. Then scrub, and an archive from each single site.
 * With `--small` fewer of everything; of the three sites two then: hq alone, and branch, which serves.
 */
export async function proveRecovery(say: (line: string) => void): Promise<string[]> {
  const small = process.argv.includes('--small');
  const sizes = SIZES[small ? 'small' : 'full'];
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-prove-recovery-'));
  const folders = new SiteFolders(join(folder, 'sites'));
  const postgres = new OwnPostgres(join(folder, 'postgres'));
  const archive = new TestArchive();
  const clock = new ArchiveClock(archive);
  const problems: string[] = [];
  const figures: string[] = [];
  const broken = () => {
    archive.remove();
    void postgres.stop().then(() => {
      folders.remove();
      process.exit(1);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, broken);
  try {
    await postgres.start();
    await postgres.create(DATABASE);
    const env = {
      ...clock.env,
      ...{ VOXKEEP_SITES: folders.env, DATABASE_URL_FILE: postgres.urlFile(DATABASE) },
      ...{ VOXKEEP_LOG_LEVEL: 'warn', VOXKEEP_JOURNAL_SECONDS: '1' },
    };
    const start = () => startAgain(() => archive.start([], clock.nodeArgs, env), say);
    await start();
    if (!folders.mounted) say('no disks could be mounted here: none is filled');
    let lag = NO_LAG;
    const harms = new Harms(folders);
    const delivery = new Delivery(archive);
    delivery.start(sizes.calls, 4);
    const chaos = await makeChaos(
      {
        ...{ archive, clock, start, postgres, database: DATABASE, folders, harms },
        beforeJumps: async () => {
          lag = await thirdSiteLag();
        },
      },
      sizes,
      say,
    );
    for (const site of SITES) folders.mend(site);
    await delivery.done();
    problems.push(...delivery.problems, ...chaos.problems);
    const { acknowledged } = delivery;
    const kills = Object.entries(chaos.kills).map(([what, count]) => `${count} ${what}`);
    say(`${acknowledged.size} calls acknowledged through ${kills.join(', ')} killed`);
    await untilArchived(postgres, acknowledged.size, problems);
    problems.push(...(await lostOf(postgres, [...acknowledged.values()])));

    const scrubbed = await scrubAll(archive, say);
    const known = await postgres.ask<{ name: string }>(
      DATABASE,
      'select object_id::text as name from object_copy union select key from journal_segment',
    );
    harms.forgetStrays(new Set(known.map(({ name }) => name)));
    problems.push(...harms.unrepaired());
    say(`${harms.all.length} copies harmed, ${scrubbed.repaired} repaired`);

    // Before the daily copies: what a site cannot have is listed, and it is exactly that.
    const early = await judgeRebuild('cloud', 'early', false);
    say(`from cloud before the daily copies: ${early}`);
    await drain();
    if (lag.p50 < 0) problems.push('the lag of the third site was not measured');
    const drills = { archive, start, postgres, database: DATABASE, folders, clock };
    say(`drills from cloud while it serves: ${await proveDrills(drills, problems)}`);
    for (const site of sizes.alone) {
      say(`from ${site} alone: ${await judgeRebuild(site, 'late', true)}`);
    }
    await archive.stop();
    await postgres.create('served');
    const served = await serveRebuilt(
      { before: archive, folders, folder, urlFile: postgres.urlFile('served') },
      problems,
    );
    say(`rebuilt from branch and served: ${served}`);
    // What a few rows take beside other things says nothing of ten million.
    const scale = small
      ? undefined
      : await measureScale({ folder, postgres, rows: sizes.rows }, say);
    if (scale !== undefined && scale.minutesAtTenMillion > MOST_MINUTES) {
      problems.push(`10 million records would take ${scale.minutesAtTenMillion} minutes`);
    }
    figures.push(
      `${acknowledged.size} calls, ${sum(chaos.kills)} kills, ${chaos.cuts} cuts, ${chaos.fills} full disks, ${chaos.jumps} jumps of the clock by an hour`,
      `${harms.all.length} of ${harms.all.length} harmed copies repaired, 0 lost`,
      `third site p50 ${lag.p50} ms p99 ${lag.p99} ms`,
      ...(scale === undefined ? [] : [scale.line]),
    );
    if (problems.length === 0) say(`prove recovery: OK ${figures.join('; ')}`);

    async function judgeRebuild(site: (typeof SITES)[number], name: string, whole: boolean) {
      await archive.stop();
      const database = `${name}_${site}`;
      await postgres.create(database);
      const rebuilt = await rebuildFrom(site, {
        ...{ folder: join(folder, database), siteFolder: folders.of(site), keys: archive.keys },
        urlFile: postgres.urlFile(database),
      });
      const live = await postgres.connect(DATABASE);
      const other = await postgres.connect(database);
      const { rows, tables, differences } = await compareCatalogs(live, other, site);
      for (const one of differences) {
        problems.push(
          `${database}: ${one.table}: ${one.onlyLive} rows missing, ${one.onlyRebuilt} not there before: ${one.example}`,
        );
      }
      const { report, seconds } = rebuilt;
      const listed = linesOf<{ recordId: string }>(report.unavailableFile).map(
        (one) => one.recordId,
      );
      const wanted = await expectedMissing(live, folders.of(site));
      const told = new Set(listed);
      const unlisted = [...wanted].filter((id) => !told.has(id));
      const wrong = [...told].filter((id) => !wanted.has(id));
      if (unlisted.length > 0)
        problems.push(`${database}: ${unlisted.length} missing records are not listed`);
      if (wrong.length > 0) problems.push(`${database}: ${wrong.length} listed records are there`);
      if (!whole && told.size === 0) problems.push(`${database}: nothing is listed as missing`);
      if (report.gaps.length > 0 || report.journalBehind || report.unknownRecords > 0) {
        problems.push(`${database}: ${JSON.stringify(report)}`);
      }
      await live.end();
      await other.end();
      rmSync(rebuilt.data, { recursive: true, force: true });
      const pace = Math.round(report.records / seconds);
      return `${report.records} records in ${seconds.toFixed(1)} s (${pace} records/s), ${rows} rows of ${tables} tables the same, ${told.size} listed as not there`;
    }

    /** A day goes by: the daily copies are made, and each site has everything, of the journal too. */
    async function drain() {
      await start();
      clock.shift(25 * 3_600_000);
      for (let waited = 0; waited < 1_200_000; waited += 500) {
        const [row] = await postgres.ask<{ n: number }>(
          DATABASE,
          `select (select count(*)::int from pending_copy)
             + (select count(*)::int from journal_gap) as n`,
        );
        if (row?.n === 0) break;
        if (waited % 60_000 === 0) say(`${row?.n} copies to be made`);
        await sleep(500);
      }
      const view = await archive.json<SitesLag>('operator', '/sites');
      for (const { name, pendingCopies } of view.sites) {
        if (pendingCopies > 0) problems.push(`${name}: ${pendingCopies} copies are not made`);
      }
    }

    /** From written to copied, as its page shows it while processes are killed. */
    async function thirdSiteLag(): Promise<typeof NO_LAG> {
      let answer: unknown;
      for (let waited = 0; waited < 60_000; waited += 500) {
        // Killed a moment ago, it may refuse for a while; who asks tries again.
        const view = await archive
          .json<SitesLag>('operator', '/sites')
          .catch((error: unknown) => void (answer = error));
        const cloud = view?.sites.find(({ name }) => name === 'cloud');
        if (cloud?.lagMs !== undefined) return cloud.lagMs;
        if (view !== undefined) answer = JSON.stringify(cloud);
        await sleep(500);
      }
      say(`no lag of the third site: ${String(answer)}; the log: ${archive.lastWords}`);
      return NO_LAG;
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, broken);
    await archive.stop();
    archive.remove();
    await postgres.stop();
    folders.remove();
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
  return problems;
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((all, one) => all + one, 0);

/** As a supervisor does: what does not start is started again. */
async function startAgain(start: () => Promise<unknown>, say: (line: string) => void) {
  for (let left = 10; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (left === 0) throw error;
      say(`  did not start: ${(error as Error).message.slice(0, 300)}`);
      await sleep(1000);
    }
  }
}

async function untilArchived(postgres: OwnPostgres, atLeast: number, problems: string[]) {
  const query = `select state, count(*)::int as n from record group by 1`;
  for (let waited = 0; waited < 900_000; waited += 500) {
    const rows = await postgres.ask<{ state: string; n: number }>(DATABASE, query);
    const archived = rows.find(({ state }) => state === 'archived')?.n ?? 0;
    if (archived >= atLeast && rows.every(({ state }) => state === 'archived')) return;
    await sleep(500);
  }
  const rows = await postgres.ask(DATABASE, query);
  problems.push(`not all are archived after fifteen minutes: ${JSON.stringify(rows)}`);
}

async function lostOf(postgres: OwnPostgres, acknowledged: { id: string; tier: string }[]) {
  const rows = await postgres.ask<{ id: string; state: string; tier: string }>(
    DATABASE,
    'select id, state, tier from record',
  );
  const there = new Map(rows.map((row) => [row.id, row]));
  return acknowledged.flatMap(({ id, tier }) => {
    const row = there.get(id);
    if (row === undefined) return [`record ${id} was acknowledged and is lost`];
    return row.tier === tier ? [] : [`record ${id} is ${row.tier} instead of ${tier}`];
  });
}
