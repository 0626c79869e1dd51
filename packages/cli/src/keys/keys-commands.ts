import { setTimeout as wait } from 'node:timers/promises';
import type { KeysView } from '@voxkeep/contract';
import type { Command } from 'commander';
import { runServerProgram } from '../commands/server-program.ts';
import type { Connection } from '../connection.ts';
import { EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';

const LOOK_MS = 1000;
const CEREMONIES = {
  escrow: 'share the escrow key among officers; on the archive’s host',
  confirm: 'show that a share is at hand and right; on the archive’s host',
  restore: 'make a key folder of shares and a bundle; on any machine',
} as const;

/** Keys: what an operator sees and changes, and ceremonies on the archive's host. */
export function keysCommands(program: Command, { connected, alone, givenData, print }: Run): void {
  const keys = program.command('keys').description('epochs of keys, escrow, and what is due');

  for (const [name, description] of Object.entries(CEREMONIES)) {
    keys
      .command(name)
      .description(`${description} (see keys ${name} --help)`)
      .allowUnknownOption()
      .helpOption(false)
      .argument('[args...]')
      .action((args: string[]) =>
        alone(() => runServerProgram('keys', [name, ...args, ...givenData()])),
      );
  }

  keys
    .command('status')
    .description('epochs, envelopes, escrow, and what is due')
    .action(() =>
      connected(async (connection, { json }) => {
        await connection.signIn('operator');
        const view = await connection.json<KeysView>('GET', '/keys');
        print(json, view, () => keyLines(view));
        return view.due.length > 0 ? EXIT.failed : EXIT.ok;
      }),
    );

  keys
    .command('attest')
    .description('say that a share of an earlier set is destroyed')
    .argument('<set>', 'id of the set')
    .argument('<share>', 'number of the share', Number)
    .action((setId: string, share: number) =>
      connected(async (connection, { json }) => {
        await connection.signIn('operator');
        const body = { json: { setId, share } };
        const view = await connection.json<KeysView>('POST', '/keys/attestations', body);
        print(json, view, () => keyLines(view));
        return EXIT.ok;
      }),
    );

  keys
    .command('rotate')
    .description('begin a new epoch and bring all envelopes into it; waits for the end')
    .option(
      '--pool <pool>',
      'content, or quarantine: destroys past days that are not needed',
      'content',
    )
    .option('--finish', 'destroy the epochs before the current one, for good', false)
    .action(({ pool, finish }: { pool: string; finish: boolean }) =>
      connected(async (connection, { json }) => {
        await connection.signIn('operator');
        const body = finish ? {} : { json: { pool } };
        const path = finish ? '/keys/rotate/finish' : '/keys/rotate';
        const begun = await connection.json<KeysView>('POST', path, body);
        const progress = !json && process.stderr.isTTY === true;
        const view = await brought(connection, begun, progress);
        print(json, view, () => keyLines(view));
        return EXIT.ok;
      }),
    );
}

/** How it is once no envelope is left to bring over. */
async function brought(
  connection: Connection,
  begun: KeysView,
  progress: boolean,
): Promise<KeysView> {
  let view = begun;
  while (view.due.includes('rewrap')) {
    const { seen = 0, of = 0 } = view.rewrap ?? {};
    if (progress) process.stderr.write(`\r${seen} of ${of} envelopes`);
    await wait(LOOK_MS);
    view = await connection.json<KeysView>('GET', '/keys');
  }
  if (progress) process.stderr.write('\n');
  return view;
}

const DUTIES: Record<KeysView['due'][number], string> = {
  keys_on_data_host: 'keys and data lie on one host: put the key folder elsewhere',
  escrow_missing: 'no shares: a lost key folder is a lost archive; voxkeep keys escrow',
  shares_unconfirmed: 'too few officers have shown their share: voxkeep keys confirm',
  bundle_behind: 'a site has no bundle of the last two days; look at voxkeep sites status',
  rewrap: 'envelopes are being brought into the current epoch',
  rotate_finish: 'an old epoch can be destroyed: voxkeep keys rotate --finish',
  attest: 'holders of earlier shares have to destroy them: voxkeep keys attest SET NUMBER',
  reshare:
    'an epoch was destroyed since the shares were made: voxkeep keys escrow, burn the old ones',
};

function keyLines(view: KeysView): string[] {
  const { archiveId, store, onDataHost, epochs, rewrap, escrow, destroyed, due } = view;
  return [
    `archive ${archiveId}, keys in a ${store} store${onDataHost ? ' ON THE HOST OF THE DATA' : ''}`,
    ...epochs.map(({ pool, epoch, current, envelopes }) => {
      const count = envelopes === undefined ? '' : `, ${envelopes} envelopes`;
      return `${pool.padEnd(12)} ${epoch}${current ? ' (current)' : ''}${count}`;
    }),
    ...(rewrap === undefined
      ? []
      : [
          `rewrap       into ${rewrap.to} since ${rewrap.startedAt}: ${rewrap.seen} seen, ${rewrap.renewed} renewed, ${rewrap.unopened} without an envelope that opens${rewrap.endedAt === undefined ? `, of ${rewrap.of}` : `, ended ${rewrap.endedAt}`}`,
        ]),
    ...destroyed.map(({ epoch, at, goneAt, waiting }) => {
      const rest = waiting.length === 0 ? '' : `; waits for ${waiting.join(', ')}`;
      const gone = goneAt === undefined ? rest : `; no old copy opens since ${goneAt}`;
      return `destroyed    ${epoch} at ${at}${gone}`;
    }),
    ...(escrow === undefined ? [] : escrowLines(escrow)),
    ...due.map((duty) => `DUE          ${DUTIES[duty]}`),
  ];
}

function escrowLines(escrow: NonNullable<KeysView['escrow']>): string[] {
  const { setId, createdAt, threshold, shares, confirmedAt, sites } = escrow;
  return [
    `escrow       set ${setId} of ${createdAt}, any ${threshold} of ${shares}`,
    ...confirmedAt.map(
      (at, place) => `  share ${place + 1}    ${at === null ? 'never shown' : `shown ${at}`}`,
    ),
    ...sites.map(
      ({ name, asOf }) =>
        `  ${name.padEnd(10)} bundle ${asOf === undefined ? 'NOT PLACED YET' : `as of ${asOf}`}`,
    ),
  ];
}
