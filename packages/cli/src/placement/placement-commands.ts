import { setTimeout as wait } from 'node:timers/promises';
import type { PlacementPlan, PlacementView, PoolPlacement } from '@voxkeep/contract';
import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';

const LOOK_MS = 500;

/** Where copies are wanted: what is in force, what a changed file would move, and its coming into force. */
export function placementCommands(program: Command, { connected, print }: Run): void {
  const placement = program
    .command('placement')
    .description('where copies are wanted, and what a change would move');

  placement
    .command('show')
    .description('the policy in force, what is on its way, and whether the file says otherwise')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<PlacementView>('GET', '/placement');
        print(json, view, () => viewLines(view));
        return view.fileFaults === undefined ? EXIT.ok : EXIT.failed;
      }),
    );

  placement
    .command('plan')
    .description('what would move if the placement file were applied now; nothing moves')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const plan = await connection.json<PlacementPlan>('POST', '/placement/plan', { json: {} });
        print(json, plan, () => planLines(plan));
        return EXIT.ok;
      }),
    );

  placement
    .command('apply <digest>')
    .description('put the file into force: the one of this digest, as `placement plan` printed it')
    .option('--wait', 'until everything that has to move has been found', false)
    .action((digest: string, options: { wait: boolean }) =>
      connected(async (connection, { json }) => {
        if (!/^[0-9a-f]{64}$/.test(digest)) {
          const message = `${digest} is no digest: 64 hex digits, as placement plan prints them`;
          throw new CommandError('ARGUMENTS_INVALID', message, EXIT.usage);
        }
        await connection.signIn();
        const applied = await connection.json<PlacementView>('POST', '/placement/apply', {
          json: { digest },
        });
        const progress = !json && process.stderr.isTTY === true;
        const view = options.wait ? await spread(connection, progress) : applied;
        print(json, view, () => viewLines(view));
        return EXIT.ok;
      }),
    );
}

/** Waits until all objects have been looked at after the change. */
async function spread(connection: Connection, progress: boolean): Promise<PlacementView> {
  for (;;) {
    const view = await connection.json<PlacementView>('GET', '/placement');
    const { pendingCopies, pendingRemovals, spreadAt } = view;
    if (progress) {
      process.stderr.write(`\r${pendingCopies} copies to make, ${pendingRemovals} to remove`);
    }
    if (spreadAt !== undefined) {
      if (progress) process.stderr.write('\n');
      return view;
    }
    await wait(LOOK_MS);
  }
}

function viewLines(view: PlacementView): string[] {
  const { digest, appliedAt, dailyAt, nextDaily, pendingCopies, pendingRemovals } = view;
  const { fileDigest, fileDiffers, fileFaults, spreadAt, eviction } = view;
  return [
    `in force since ${appliedAt}: ${digest}`,
    `daily at ${dailyAt}, next ${nextDaily}`,
    ...view.pools.map(poolLine),
    `${pendingCopies} copies to make, ${pendingRemovals} to remove${spreadAt === undefined ? ', still looking' : ''}`,
    ...(eviction === undefined
      ? []
      : [
          `freed at ${eviction.site} in the run of ${eviction.startedAt}: ${eviction.evicted} copies, ${size(eviction.bytes)}; left: ${eviction.locked} locked, ${eviction.unverified} without two whole others${eviction.endedAt === undefined ? '; not ended' : ''}`,
        ]),
    ...(fileFaults === undefined ? [] : [`THE FILE HAS FAULTS: ${fileFaults}`]),
    ...(fileDiffers && fileDigest !== undefined
      ? [`the file says otherwise: ${fileDigest}; see placement plan`]
      : []),
  ];
}

function poolLine({ pool, acknowledged, realtime, daily, eviction }: PoolPlacement): string {
  const part = (name: string, sites: string[]) =>
    sites.length === 0 ? '' : `, ${name} ${sites.join(' ')}`;
  const rule =
    eviction === undefined
      ? ''
      : `, frees ${eviction.site} after ${eviction.olderThanMonths} months, ${eviction.unusedMonths} of them unused`;
  return `${pool.padEnd(10)} first ${acknowledged.join(' ')}${part('at once', realtime)}${part('daily', daily)}${rule}`;
}

const WORDS = { copy: 'to make', remove: 'to remove', evict: 'may give way in time, at most' };

function planLines({ digest, inForce, acknowledged, lines }: PlacementPlan): string[] {
  return [
    ...(digest === inForce ? ['the file is what is in force'] : []),
    ...acknowledged.map(
      ({ pool, from, to }) => `${pool.padEnd(10)} first ${from.join(' ')} becomes ${to.join(' ')}`,
    ),
    ...lines.map(
      ({ pool, site, change, objects, bytes, locked }) =>
        `${pool.padEnd(10)} ${site.padEnd(8)} ${WORDS[change]}: ${objects} objects, ${size(bytes)}${locked > 0 ? `, ${locked} of them locked` : ''}`,
    ),
    ...(lines.some(({ change }) => change !== 'evict') ? [] : ['nothing moves']),
    `voxkeep placement apply ${digest}`,
  ];
}

function size(bytes: number): string {
  return bytes < 2 ** 20
    ? `${(bytes / 1024).toFixed(1)} KiB`
    : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
