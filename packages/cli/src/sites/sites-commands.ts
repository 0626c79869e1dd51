import { setTimeout as wait } from 'node:timers/promises';
import type { ScrubKind, ScrubView, SitesView } from '@voxkeep/contract';
import type { Command } from 'commander';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { scrubLine, siteLines } from './site-lines.ts';

const LOOK_MS = 500;

/** What an operator sees of the sites, and walks over their copies. */
export function sitesCommands(program: Command, { connected, print }: Run): void {
  const sites = program.command('sites').description('sites, their copies, and what is wrong');

  sites
    .command('status')
    .description('each site: copies, space, what is to come, lag, faults, alarms, last walks')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn();
        const view = await connection.json<SitesView>('GET', '/sites');
        print(json, view, () => view.sites.flatMap(siteLines));
        const wrong = view.sites.some(
          ({ reachable, faults, alarms }) => !reachable || faults > 0 || alarms.length > 0,
        );
        return wrong ? EXIT.failed : EXIT.ok;
      }),
    );

  for (const name of ['scrub', 'repair'] as const) {
    sites
      .command(`${name} <site>`)
      .description(
        name === 'scrub'
          ? 'walk over every copy of a site, mend what is wrong, and wait for the end'
          : 'the same as scrub --deep: reads every copy back and mends it',
      )
      .option('--deep', 'read each copy back instead of looking whether it is there', false)
      .action((site: string, { deep }: { deep: boolean }) =>
        connected(async (connection, { json }) => {
          await connection.signIn();
          const kind: ScrubKind = deep || name === 'repair' ? 'deep' : 'light';
          const progress = !json && process.stderr.isTTY === true;
          const done = await walked(connection, site, kind, progress);
          print(json, done, () => [scrubLine(done)]);
          return done.faults > done.repaired ? EXIT.failed : EXIT.ok;
        }),
      );
  }
}

/** Begins a walk and resolves to how it ended. */
async function walked(
  connection: Connection,
  site: string,
  kind: ScrubKind,
  progress: boolean,
): Promise<ScrubView> {
  const path = `/sites/${encodeURIComponent(site)}/scrub`;
  const last = (view: SitesView) =>
    view.sites.find(({ name }) => name === site)?.scrubs.find((one) => one.kind === kind);
  const before = last(await connection.json<SitesView>('GET', '/sites'));
  await connection.json<SitesView>('POST', path, { json: { kind } });
  for (;;) {
    await wait(LOOK_MS);
    const now = last(await connection.json<SitesView>('GET', '/sites'));
    const isNew =
      now !== undefined && (before?.endedAt === undefined || now.startedAt !== before.startedAt);
    if (progress && now !== undefined) process.stderr.write(`\r${now.checked} copies`);
    if (!isNew || now.endedAt === undefined) {
      // A walk that found its site away is broken off and stays so.
      const view = await connection.json<SitesView>('GET', '/sites');
      if (view.sites.find(({ name }) => name === site)?.reachable === false) {
        throw new CommandError(
          'SITE_UNREACHABLE',
          `site ${site} does not answer; the walk goes on later`,
        );
      }
      continue;
    }
    if (progress) process.stderr.write('\n');
    return now;
  }
}
