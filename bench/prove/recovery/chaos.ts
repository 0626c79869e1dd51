import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveClock } from '../access/clock.ts';
import type { TestArchive } from '../test-archive.ts';
import type { OwnPostgres } from './own-postgres.ts';
import { type Harms, SITES, type SiteFolders } from './site-folders.ts';

export interface Chaos {
  kills: Record<string, number>;
  cuts: number;
  fills: number;
  /** Of the archive's clock, by an hour, there and back in turn. */
  jumps: number;
  problems: string[];
}

const HOUR_MS = 3_600_000;
/** The part of the kills during which the clock is steady. */
const STEADY = 0.5;

/**
 * Kills processes at random moments until so many are dead, cuts and fills sites in between, and harms
 * copies; its clock jumps by an hour, that of its database does not. Each time the archive is started again
 * as its supervisor would.
 */
export async function makeChaos(
  parts: {
    archive: TestArchive;
    clock: ArchiveClock;
    start(): Promise<unknown>;
    postgres: OwnPostgres;
    database: string;
    folders: SiteFolders;
    harms: Harms;
    /** Before the clock jumps for the first time. */
    beforeJumps(): Promise<void>;
  },
  wanted: { kills: number; harms: number },
  say: (line: string) => void,
): Promise<Chaos> {
  const { archive, clock, postgres, database, folders, harms } = parts;
  const chaos: Chaos = { kills: {}, cuts: 0, fills: 0, jumps: 0, problems: [] };
  const count = () => Object.values(chaos.kills).reduce((sum, one) => sum + one, 0);
  for (let turn = 0; count() < wanted.kills; turn += 1) {
    await sleep(300 + Math.random() * 1700);
    const site = SITES[turn % 3] ?? 'hq';
    if (!archive.runs) {
      ended('while nothing was killed');
      await parts.start();
    }
    // What a copy took can be measured by a clock that goes on only.
    if (chaos.jumps === 0 && count() >= wanted.kills * STEADY) await parts.beforeJumps();
    if (turn % 7 === 3) {
      folders.cut(site);
      chaos.cuts += 1;
    } else if (turn % 7 === 5 && folders.mounted) {
      folders.fill(site);
      chaos.fills += 1;
    }
    if (count() >= wanted.kills * STEADY) {
      clock.shift(chaos.jumps % 2 === 0 ? HOUR_MS : -HOUR_MS);
      chaos.jumps += 1;
    }
    if (turn % 7 === 3 || turn % 7 === 5) await sleep(Math.random() * 2000);
    const due = Math.ceil((wanted.harms * (count() + 1)) / wanted.kills) - harms.all.length;
    if (due > 0) harms.harm(SITES[(turn + 1) % 3] ?? 'branch', due);
    const what = await killOne(parts, turn);
    if (what !== undefined) chaos.kills[what] = (chaos.kills[what] ?? 0) + 1;
    // A site that is away when the archive starts keeps it from starting: somebody mounts it.
    folders.mend(site);
    if (what === 'server') await postgres.untilBack();
    if (what !== 'archive' && !archive.runs) ended(`after a ${what ?? 'kill of nothing'}`);
    if (!archive.runs) await parts.start();
    if (turn % 20 === 19)
      say(
        `${count()} kills, ${chaos.cuts} cuts, ${chaos.fills} full disks, ${chaos.jumps} jumps of the clock`,
      );
  }
  if (chaos.jumps % 2 === 1) {
    clock.shift(-HOUR_MS);
    chaos.jumps += 1;
  }
  archive.forgetSessions();
  return chaos;

  /** Whatever is killed or cut off beside it, the archive itself goes on. */
  function ended(when: string): void {
    chaos.problems.push(`the archive ended by itself ${when}: ${archive.lastWords}`);
  }

  async function killOne(_: unknown, turn: number): Promise<string | undefined> {
    if (turn % 5 === 1) {
      const pid = await postgres.backend(database).catch(() => undefined);
      if (pid !== undefined && kill(pid)) return 'backend';
    }
    if (turn % 11 === 4) {
      const children = childrenOf(archive.pid);
      const [pid] = children.filter((one) => one !== archive.pid);
      if (pid !== undefined && kill(pid)) return 'child';
    }
    if (turn % 17 === 9 && kill(postgres.pid)) {
      await sleep(200);
      return 'server';
    }
    await archive.kill();
    return 'archive';
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Processes below one, from /proc: the media tools at work. */
function childrenOf(parent: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(fields[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const below = (pid: number): boolean => {
    const above = parents.get(pid);
    return above !== undefined && above > 1 && (above === parent || below(above));
  };
  return [...parents.keys()].filter(below);
}
