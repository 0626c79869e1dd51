import { setTimeout as wait } from 'node:timers/promises';
import type { DrillsView, DrillView, SitesView } from '@voxkeep/contract';
import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { drillLines, listLines } from './drill-lines.ts';

const LOOK_MS = 500;

/** Rehearsed recoveries: one now, and those that were. */
export function drillCommands(program: Command, { connected, print }: Run): void {
  const drill = program
    .command('drill')
    .description('rehearse a recovery from one site, in a scratch folder, and wait for the end')
    .option('--from <site>', 'the site; by default the one whose turn it is')
    .option('--whole', 'all of the catalog, and every entry of the ledger, not a sample', false)
    .action(({ from, whole }: { from?: string; whole: boolean }) =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const progress = !json && process.stderr.isTTY === true;
        const site = from ?? (await turn(connection));
        const wanted = { site, kind: whole ? ('whole' as const) : ('sample' as const) };
        const { done, limitS } = await drilled(connection, wanted, progress);
        print(json, done, () => drillLines(done, limitS));
        return done.outcome === 'ok' ? EXIT.ok : EXIT.failed;
      }),
    );

  drill
    .command('list')
    .description('the newest fifty, each with its figures, and the next one by schedule')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<DrillsView>('GET', '/drills');
        print(json, view, () => listLines(view));
        return EXIT.ok;
      }),
    );
}

/** As the schedule has it; without one, the site that has waited the longest. */
async function turn(connection: Connection): Promise<string> {
  const { next, drills } = await connection.json<DrillsView>('GET', '/drills');
  if (next !== undefined) return next.site;
  const { sites } = await connection.json<SitesView>('GET', '/sites');
  const last = ({ name }: { name: string }) =>
    drills.find(({ site, endedAt }) => site === name && endedAt !== undefined)?.endedAt ?? '';
  const [first] = sites.toSorted((a, b) => (last(a) < last(b) ? -1 : last(a) > last(b) ? 1 : 0));
  if (first === undefined) throw new CommandError('SITE_UNKNOWN', 'the archive has no site');
  return first.name;
}

/** Begins a drill and resolves to how it ended. */
async function drilled(
  connection: Connection,
  wanted: { site: string; kind: DrillView['kind'] },
  progress: boolean,
): Promise<{ done: DrillView; limitS: number }> {
  const begun = await connection.json<DrillsView>('POST', '/drills', { json: wanted });
  const [mine] = begun.drills;
  if (mine === undefined) throw new CommandError('DRILL_ENDED', 'the drill did not begin');
  for (;;) {
    await wait(LOOK_MS);
    const { drills, limitS } = await connection.json<DrillsView>('GET', '/drills');
    const now = drills.find(({ id }) => id === mine.id);
    if (now === undefined) throw new CommandError('DRILL_ENDED', 'the drill is not known any more');
    if (progress) process.stderr.write(`\r${progressLine(now).padEnd(40)}`);
    if (now.endedAt === undefined) continue;
    if (progress) process.stderr.write('\n');
    return { done: now, limitS };
  }
}

function progressLine({ progress }: DrillView): string {
  if (progress === undefined) return '';
  const { phase, done, total } = progress;
  return total === 0 ? phase : `${phase} ${done} of ${total}`;
}
