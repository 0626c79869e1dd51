import { type CertifiedRecord, type CertifiedSite, DisposalFacts } from '@voxkeep/proof';
import type { Selectable } from 'kysely';
import type { Tx } from '../../../core/database.ts';
import { ArchiveError } from '../../../core/errors.ts';
import type { DisposalTables } from '../../../core/tables/disposals.ts';
import {
  entriesAbout,
  type LedgerAction,
  notYet,
  type StoredEntry,
} from '../../../ledger/index.ts';

export type DisposalRow = Selectable<DisposalTables['disposal']>;

const ABOUT_RECORDS: readonly LedgerAction[] = [
  ...(['record.export', 'record.download', 'record.dispose', 'record.unreadable'] as const),
];

/** What is still to be destroyed of a record at a site. */
interface Left {
  /** Objects whose envelopes are there. */
  pending: number;
  /** Until when the site keeps bytes locked that nobody can open. */
  lockedUntil?: Date;
}

/**
 * What a certificate says of these disposals, in their order, and the entries of the ledger that prove it. Rejects
 * with LEDGER_UNAVAILABLE, retry later, for one whose entry is not in a checkpoint yet; LEDGER_RESTORING;
 * LEDGER_DAMAGED where the row is not what the ledger's entry commits to.
 */
export async function certifiedRecords(
  tx: Tx,
  rows: readonly DisposalRow[],
  siteNames: readonly string[],
): Promise<{ records: CertifiedRecord[]; carried: StoredEntry[] }> {
  const ids = rows.map((row) => row.record_id);
  const about = Map.groupBy(
    await entriesAbout(tx, ids, ABOUT_RECORDS),
    ({ entry }) => entry.resource ?? '',
  );
  const gone = await goneEpochs(tx, rows);
  const left = await leftOf(tx, ids);
  const carried = new Map<number, StoredEntry>();
  const records = rows.map((row) => {
    const own = about.get(row.record_id) ?? [];
    const proofs = proofsOf(row, own, gone.get(row.epoch));
    for (const one of [proofs.disposed, proofs.unreadable, proofs.epochGone, ...proofs.received]) {
      if (one !== undefined) carried.set(one.index, one);
    }
    return certified(row, proofs, sitesOf(row, siteNames, left.get(row.record_id)));
  });
  return { records, carried: [...carried.values()] };
}

interface Proofs {
  disposed: StoredEntry;
  unreadable?: StoredEntry | undefined;
  epochGone?: StoredEntry | undefined;
  received: StoredEntry[];
}

function proofsOf(row: DisposalRow, own: StoredEntry[], epoch: StoredEntry | undefined): Proofs {
  const committed = (action: string) =>
    own.findLast(({ entry }) => entry.action === action && entry.detail?.['digest'] === row.digest);
  const disposed = committed('record.dispose');
  if (disposed === undefined && own.some(({ entry }) => entry.action === 'record.dispose')) {
    const message = `the ledger says otherwise what was disposed of as record ${row.record_id}`;
    throw new ArchiveError('LEDGER_DAMAGED', message);
  }
  const unreadable = committed('record.unreadable');
  if (disposed === undefined || (row.unreadable_at !== null && unreadable === undefined)) {
    throw notYet(`the entries of record ${row.record_id}`);
  }
  const received = own.filter(
    ({ index, entry }) =>
      index < disposed.index &&
      (entry.action === 'record.export' || entry.action === 'record.download'),
  );
  return { disposed, unreadable, epochGone: unreadable && epoch, received };
}

function certified(row: DisposalRow, proofs: Proofs, sites: CertifiedSite[]): CertifiedRecord {
  const { disposed, unreadable, epochGone, received } = proofs;
  const instants = [unreadable?.entry.at, epochGone?.entry.at].filter((at) => at !== undefined);
  return {
    recordId: row.record_id,
    facts: DisposalFacts.parse(JSON.parse(row.facts)),
    ...{ digest: row.digest, sites },
    ...(unreadable === undefined ? {} : { unreadableAt: unreadable.entry.at }),
    ...(row.locked_until === null ? {} : { lockedUntil: row.locked_until.toISOString() }),
    ...(epochGone === undefined ? {} : { beyondOldCopiesFrom: instants.toSorted().at(-1) }),
    received: received.map(({ index, entry: { at, actor, action } }) => ({
      ...{ entry: index, at, account: actor.id, role: actor.role },
      act: action === 'record.export' ? 'export' : 'download',
    })),
    entries: {
      disposed: disposed.index,
      ...(unreadable === undefined ? {} : { unreadable: unreadable.index }),
      ...(epochGone === undefined ? {} : { epochGone: epochGone.index }),
    },
  };
}

function sitesOf(
  row: DisposalRow,
  siteNames: readonly string[],
  left: ReadonlyMap<string, Left> | undefined,
): CertifiedSite[] {
  const names = new Set([
    ...siteNames,
    ...Object.keys(row.envelopes_gone),
    ...(left?.keys() ?? []),
  ]);
  return [...names].toSorted().map((site) => {
    const goneAt = row.envelopes_gone[site];
    const { pending = 0, lockedUntil } = left?.get(site) ?? {};
    return {
      site,
      ...(goneAt === undefined ? {} : { envelopesGoneAt: goneAt }),
      ...(pending === 0 ? {} : { pending }),
      ...(lockedUntil === undefined ? {} : { lockedUntil: lockedUntil.toISOString() }),
    };
  });
}

/** By record and site. */
async function leftOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Map<string, Left>>> {
  const rows = await tx
    .selectFrom('pending_destruction')
    .select(['record_id', 'site', 'envelope_gone', 'not_before'])
    .where('record_id', 'in', [...ids])
    .execute();
  const all = new Map<string, Map<string, Left>>();
  for (const { record_id, site, envelope_gone, not_before } of rows) {
    const sites = all.get(record_id) ?? new Map<string, Left>();
    const before = sites.get(site) ?? { pending: 0 };
    const { lockedUntil } = before;
    if (!envelope_gone) sites.set(site, { ...before, pending: before.pending + 1 });
    else if (lockedUntil === undefined || not_before > lockedUntil) {
      sites.set(site, { ...before, lockedUntil: not_before });
    }
    all.set(record_id, sites);
  }
  return all;
}

/** The entry by which each epoch is gone: the last one, should it have been told twice. */
async function goneEpochs(
  tx: Tx,
  rows: readonly DisposalRow[],
): Promise<ReadonlyMap<string, StoredEntry>> {
  const epochs = [...new Set(rows.map((row) => row.epoch))];
  const entries = await entriesAbout(tx, epochs, ['key.epoch_gone']);
  return new Map(entries.map((one) => [one.entry.resource ?? '', one]));
}
