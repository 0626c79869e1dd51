import { type Checkpoint, type NoteSigner, nextLogName, signCheckpoint } from '@voxkeep/proof';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db, Queryable } from '../core/database.ts';
import { ArchiveError, hasCode } from '../core/errors.ts';
import { tokenFault } from '../core/plain-facts.ts';
import { askWitness, WitnessError } from './ask-witness.ts';
import { encodeEntry, entryBody } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import { type LogKey, openOwn, signerNamed } from './log-key.ts';
import type { LedgerStore, Witness, Witnesses } from './ports.ts';
import { consistencyProof, searchEntries } from './read-entries.ts';
import { fence, forgetShown, type SignedTree, signMore } from './sequence-batch.ts';

/** By which a log goes on under another name. */
export interface Succession {
  /** The log that had lost entries. */
  previous: string;
  origin: string;
  /** Of its entries, those that were taken over. */
  size: number;
}

/** One that was just opened; whoever verifies needs its key. */
export interface OpenedSuccession extends Succession {
  verifierKey: string;
}

/** What a witness has seen of a log that is not here. */
interface Sighting {
  witness: Witness;
  size: number;
  /** False: as much as there is here or less, but another history. */
  more: boolean;
}

/** A witness that did not say what it has seen. */
interface Untold {
  witness: Witness;
  error: unknown;
}

/** A witness that says so of every name is not believed for ever. */
const MOST_NAMES = 16;

/**
 * Opens a successor when a witness has seen another history of the log than the sites have: the tree goes on
 * under the next name that no witness knows, and its first entry there cites the log before. `rebuilt`, after
 * a recovery: only where a witness has seen more; else resolves to undefined. `asked`, by an operator: also
 * where one has seen something else; otherwise rejects with LEDGER_NOT_SUCCEEDED, or with LEDGER_RESTORING
 * while that cannot be told. Rejects with LEDGER_UNAVAILABLE while fewer answer than a quorum that is
 * required. The sites have to have been looked at, and nothing may be numbered meanwhile.
 */
export async function succeedLog(
  deps: { db: Db; clock: Clock },
  log: LogKey,
  ours: SignedTree,
  why: { when: 'rebuilt' | 'asked'; asked: Witnesses; stores: readonly LedgerStore[] },
): Promise<{ signed: SignedTree; succession: OpenedSuccession } | undefined> {
  const { db, clock } = deps;
  const { when, stores } = why;
  const { witnesses, quorum, required } = why.asked;
  const { seen, untold, silent } = await sightings(db, witnesses, ours, ours.checkpoint);
  if (!seen.some(({ more }) => more || when === 'asked')) {
    const unheard =
      silent.length === 0 ? '' : `; not told by ${silent.map(nameAndCode).join(', ')}`;
    const answers = witnesses.length - silent.filter(isUnreachable).length;
    if (required && answers < quorum) {
      // Nothing could be answered anyway; what is numbered now might have to be called a fork later.
      throw ledgerError(
        'LEDGER_UNAVAILABLE',
        `${quorum} witnesses have to be asked first${unheard}`,
      );
    }
    if (when === 'rebuilt') return undefined;
    if (untold !== undefined) throw untold;
    const message = `no witness has seen another history than ${ours.signer.name}${unheard}`;
    throw ledgerError('LEDGER_NOT_SUCCEEDED', message);
  }
  const signer = await freeName(db, log, ours, witnesses);
  const cosigned = await newestCosigned(db, log, stores);
  const now = new Date(Math.max(clock.now().getTime(), ours.signedAt.getTime()));
  const { size } = ours.tree;
  const previous = ours.signer.name;
  const body = entryBody(
    {
      ...{ actorId: ARCHIVE_ACTOR.id, actorRole: ARCHIVE_ACTOR.role },
      ...{ action: 'ledger.succeed', outcome: 'ok', resource: signer.name },
      detail: {
        ...{ previous, size, root: ours.tree.root().toString('hex') },
        ...(cosigned && {
          witnessedSize: cosigned.size,
          witnessedRoot: cosigned.root.toString('hex'),
        }),
        ...Object.fromEntries(seen.map((one, at) => [`seen${at + 1}`, wordOf(one)])),
      },
    },
    now,
  );
  const entry = { ...body, seq: size, time: now.toISOString() };
  const signed = await db.transaction().execute(async (tx) => {
    await fence(tx, size);
    await forgetShown(tx);
    return signMore(tx, ours, signer, [{ entry, bytes: encodeEntry(entry) }], now);
  });
  const { name: origin, vkey: verifierKey } = signer;
  return { signed, succession: { previous, origin, verifierKey, size } };
}

/** The newest succession of the log, if it has one and it is not still to come back. */
export async function lastSuccession(db: Queryable): Promise<Succession | undefined> {
  const [found] = await searchEntries(db, { action: 'ledger.succeed' }, { limit: 1 });
  if (found === undefined) return undefined;
  const { resource = '', detail = {} } = found.entry;
  return { previous: String(detail['previous']), origin: resource, size: found.index };
}

/** `untold`: one of them has seen less, and whether it is a part of this comes back from the sites first. */
async function sightings(
  db: Db,
  witnesses: readonly Witness[],
  { tree: { size } }: SignedTree,
  checkpoint: string,
): Promise<{ seen: Sighting[]; untold: Error | undefined; silent: Untold[] }> {
  const prove = (from: number, to: number) => consistencyProof(db, from, to);
  const said = await Promise.all(
    witnesses.map((witness) =>
      askWitness(witness, 0, { size, checkpoint }, prove).then(
        () => ({ witness, error: undefined }),
        (error: unknown) => ({ witness, error }),
      ),
    ),
  );
  const seen = said.flatMap(({ witness, error }): Sighting[] => {
    if (!(error instanceof WitnessError) || error.seenSize === undefined) return [];
    return [{ witness, size: error.seenSize, more: error.code === 'WITNESS_AHEAD' }];
  });
  const untold = said.find(({ error }) => hasCode(error, 'LEDGER_RESTORING'))?.error;
  const silent = said.filter(
    ({ witness, error }) =>
      error !== undefined && error !== untold && !seen.some((one) => one.witness === witness),
  );
  return {
    seen: seen.sort((one, other) => other.size - one.size),
    untold: untold instanceof Error ? untold : undefined,
    silent,
  };
}

/** A successor may have been opened, seen and lost before: its name is not taken again. */
async function freeName(
  db: Db,
  log: LogKey,
  ours: SignedTree,
  witnesses: readonly Witness[],
): Promise<NoteSigner> {
  let signer = ours.signer;
  for (let turn = 0; turn < MOST_NAMES; turn += 1) {
    signer = signerNamed(log, nextLogName(signer.name));
    const checkpoint = signCheckpoint(signer, ours.tree.size, ours.tree.root());
    const { seen, untold } = await sightings(db, witnesses, ours, checkpoint);
    if (seen.length === 0 && untold === undefined) break;
  }
  return signer;
}

/** The largest checkpoint of this archive that a quorum countersigned, as catalog and sites know it. */
async function newestCosigned(
  db: Db,
  log: LogKey,
  stores: readonly LedgerStore[],
): Promise<Checkpoint | undefined> {
  const row = await db.selectFrom('ledger_state').select('witnessed_checkpoint').executeTakeFirst();
  const notes = await Promise.all(
    stores.map((store) => store.get('witnessed').catch(() => undefined)),
  );
  let newest: Checkpoint | undefined;
  for (const note of [row?.witnessed_checkpoint ?? undefined, ...notes]) {
    if (note === undefined) continue;
    try {
      const { checkpoint } = openOwn(note, log);
      if (checkpoint.size > (newest?.size ?? -1)) newest = checkpoint;
    } catch (error) {
      if (!hasCode(error, 'LEDGER_STORE_FOREIGN')) throw error;
    }
  }
  return newest;
}

const isUnreachable = ({ error }: Untold) => hasCode(error, 'WITNESS_UNREACHABLE');

function nameAndCode({ witness: { name }, error }: Untold): string {
  return `${name} (${error instanceof ArchiveError ? error.code : 'WITNESS_UNREACHABLE'})`;
}

/** `witness.example/branch:840`, or its key's id where its name is none for the ledger. */
function wordOf({ witness: { name, vkey }, size }: Sighting): string {
  const word = `${name}:${size}`;
  return tokenFault(word) === undefined ? word : `${vkey.split('+')[1]}:${size}`;
}
