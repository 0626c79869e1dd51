import {
  type ChangedTile,
  GrowingTree,
  hashLeaf,
  type NoteSigner,
  signCheckpoint,
} from '@voxkeep/proof';
import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type { Db, Tx } from '../core/database.ts';
import { type EntryBody, encodeEntry, type LedgerEntry } from './entry.ts';
import { ledgerError } from './ledger-error.ts';
import { type LogKey, openOwn, signerNamed } from './log-key.ts';
import { tilesOf } from './read-entries.ts';

/** The tree as the catalog last signed it, with what is needed to let it grow. */
export interface SignedTree {
  /** As the log whose name is in force. */
  signer: NoteSigner;
  tree: GrowingTree;
  checkpoint: string;
  signedAt: Date;
  durableSize: number;
}

export interface NumberedEntry {
  entry: LedgerEntry;
  bytes: Buffer;
  /** Undefined for what was read back from a site. */
  outboxId?: string;
}

/** Entries numbered and signed at once. */
export const BATCH_ENTRIES = 2_000;

/**
 * The signed tree, under the name that is in force, making the empty one when there is none. Rejects with
 * LEDGER_STORE_FOREIGN when another key or archive signed it, LEDGER_DAMAGED when the tiles do not give the signed root.
 */
export async function loadTree(db: Db, log: LogKey, clock: Clock): Promise<SignedTree> {
  const first = signerNamed(log, log.origin);
  await db
    .insertInto('ledger_state')
    .values({
      origin: first.name,
      size: 0,
      checkpoint: signCheckpoint(first, 0, new GrowingTree().root()),
      signed_at: clock.now(),
    })
    .onConflict((conflict) => conflict.column('one').doNothing())
    .execute();
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('ledger_state')
      .selectAll()
      .forShare()
      .executeTakeFirstOrThrow();
    const { checkpoint: signed, signer } = openOwn(row.checkpoint, log);
    const size = Number(row.size);
    const tree = await GrowingTree.resume(size, tilesOf(tx)).catch((cause: unknown) => {
      throw ledgerError('LEDGER_DAMAGED', 'a tile of the catalog is too short', { cause });
    });
    if (signed.size !== size || signer.name !== row.origin || !tree.root().equals(signed.root)) {
      throw ledgerError('LEDGER_DAMAGED', `the catalog's tree of ${size} is not the signed one`);
    }
    const { checkpoint, signed_at: signedAt } = row;
    return { signer, tree, checkpoint, signedAt, durableSize: Number(row.durable_size) };
  });
}

/**
 * Numbers what the outbox holds, at most BATCH_ENTRIES, and signs the tree, all in one transaction:
 * whatever happens around it, a size has one checkpoint. Undefined when there is nothing to do.
 * Rejects with LEDGER_UNAVAILABLE when another sequencer has let the tree grow meanwhile.
 */
export async function sequenceBatch(
  db: Db,
  clock: Clock,
  before: SignedTree,
): Promise<{ signed: SignedTree; numbered: NumberedEntry[] } | undefined> {
  return db.transaction().execute(async (tx) => {
    await fence(tx, before.tree.size);
    const rows = await tx
      .selectFrom('ledger_outbox')
      .selectAll()
      .orderBy('id')
      .limit(BATCH_ENTRIES)
      .execute();
    if (rows.length === 0) return undefined;
    const now = new Date(Math.max(clock.now().getTime(), before.signedAt.getTime()));
    const time = now.toISOString();
    const numbered = rows.map((row, offset): NumberedEntry => {
      const body = JSON.parse(row.body) as EntryBody;
      const entry: LedgerEntry = { ...body, seq: before.tree.size + offset, time };
      return { entry, bytes: encodeEntry(entry), outboxId: row.id };
    });
    await tx
      .deleteFrom('ledger_outbox')
      .where(sql<boolean>`id = any(${rows.map((row) => row.id)}::bigint[])`)
      .execute();
    return { signed: await signMore(tx, before, before.signer, numbered, now), numbered };
  });
}

/** The tree with further entries, signed as `signer` and saved. */
export async function signMore(
  tx: Tx,
  before: SignedTree,
  signer: NoteSigner,
  numbered: readonly NumberedEntry[],
  signedAt: Date,
): Promise<SignedTree> {
  const tree = before.tree.copy();
  await insertNumbered(tx, tree, numbered);
  const checkpoint = signCheckpoint(signer, tree.size, tree.root());
  await saveCheckpoint(tx, signer.name, tree.size, checkpoint, signedAt);
  return { ...before, signer, tree, checkpoint, signedAt };
}

/** Takes the row that only one sequencer at a time may hold, and makes sure of its size. */
export async function fence(tx: Tx, size: number): Promise<void> {
  const row = await tx
    .selectFrom('ledger_state')
    .select('size')
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (Number(row.size) !== size) {
    throw ledgerError('LEDGER_UNAVAILABLE', `another sequencer is at ${row.size}, this at ${size}`);
  }
}

/** Writes entries and the tiles that they change; `tree` grows by them. */
export async function insertNumbered(
  tx: Tx,
  tree: GrowingTree,
  numbered: readonly NumberedEntry[],
): Promise<void> {
  await insertEntries(tx, numbered);
  await insertTiles(tx, tree.append(numbered.map((one) => hashLeaf(one.bytes))));
}

export async function insertEntries(tx: Tx, numbered: readonly NumberedEntry[]): Promise<void> {
  const list = (pick: (one: NumberedEntry) => unknown) => numbered.map(pick);
  await sql`insert into ledger_entry (index, outbox_id, at, sequenced_at, actor_id, actor_role,
      action, resource, purpose_category, outcome, request_id, detail, bytes)
    select * from unnest(
      ${list((one) => one.entry.seq)}::bigint[], ${list((one) => one.outboxId ?? null)}::bigint[],
      ${list((one) => one.entry.at)}::timestamptz[],
      ${list((one) => one.entry.time)}::timestamptz[],
      ${list((one) => one.entry.actor.id)}::text[], ${list((one) => one.entry.actor.role)}::text[],
      ${list((one) => one.entry.action)}::text[],
      ${list((one) => one.entry.resource ?? null)}::text[],
      ${list((one) => one.entry.purpose?.category ?? null)}::text[],
      ${list((one) => one.entry.outcome)}::text[],
      ${list((one) => one.entry.requestId ?? null)}::text[],
      ${list((one) => JSON.stringify(one.entry.detail ?? {}))}::jsonb[],
      ${list((one) => one.bytes)}::bytea[])`.execute(tx);
}

export async function insertTiles(tx: Tx, tiles: readonly ChangedTile[]): Promise<void> {
  if (tiles.length === 0) return;
  await sql`insert into ledger_tile (level, index, hashes)
    select * from unnest(${tiles.map((one) => one.level)}::smallint[],
      ${tiles.map((one) => one.index)}::bigint[], ${tiles.map((one) => one.hashes)}::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes`.execute(tx);
}

export async function saveCheckpoint(
  tx: Tx,
  origin: string,
  size: number,
  checkpoint: string,
  signedAt: Date,
): Promise<void> {
  const row = { origin, size, checkpoint, signed_at: signedAt };
  await tx.updateTable('ledger_state').set(row).execute();
}

/** What was shown and countersigned under an earlier name says nothing of the log that is in force. */
export async function forgetShown(tx: Tx): Promise<void> {
  await tx.deleteFrom('ledger_witness').execute();
  const none = { witnessed_checkpoint: null, witnessed_size: 0, witnessed_at: null };
  await tx
    .updateTable('ledger_state')
    .set({ ...none, durable_checkpoint: null })
    .execute();
}
