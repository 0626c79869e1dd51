import { sql } from 'kysely';
import { hasCode } from '../../core/errors.ts';
import { type IndexedValues, rekeyCalls } from '../../index/index.ts';
import { readManifest } from '../../record/manifest.ts';
import { type ObjectRow, storedObject } from '../../record/object-rows.ts';
import type { Transcript } from '../../record/transcript.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { RotationDeps } from './deps.ts';
import { pacer } from './pacer.ts';

const BATCH = 100;
/** Calls at once: sites wait for disks and networks most of the time. */
const LANES = 4;

type ReindexDeps = Pick<RotationDeps, 'db' | 'clock' | 'vault' | 'index'>;

/** A call as the walk comes to it. */
interface Call {
  id: string;
  startedAt: Date;
}

/** How far the walk into the index's current epoch is. */
export interface ReindexWalk {
  beganAt: Date;
  seen: number;
  rebuilt: number;
  /** Calls of which no site has a manifest and a transcript that open. */
  unopened: number;
  endedAt: Date | undefined;
}

export async function reindexWalk({ db, index }: ReindexDeps): Promise<ReindexWalk> {
  const row = await walkRow({ db, index });
  const { began_at: beganAt, seen, rebuilt, unopened, ended_at: endedAt } = row;
  return { beganAt, seen, rebuilt, unopened, endedAt: endedAt ?? undefined };
}

/**
 * Makes the blind indexes of all calls anew under the keys of the index's current epoch, out of the sealed
 * manifests and transcripts, at most `perSecond` calls a second, from where the walk was broken off.
 * `anew` goes over all calls once more: over those that were being indexed when the epoch began. Rejects
 * with the place room's codes when no site that answers has what a site that does not may have.
 */
export async function reindexCalls(
  deps: ReindexDeps,
  options: { perSecond: number; anew?: boolean; signal?: AbortSignal },
): Promise<void> {
  const { db, clock, index } = deps;
  const keys = index.current;
  const paced = pacer(options.perSecond);
  let after = options.anew === true ? undefined : await reached(deps);
  for (;;) {
    const batch = await callsAfter(deps, keys.epoch, after);
    const last = batch.at(-1);
    if (last === undefined) break;
    const values = await valuesOf(deps, batch, { paced, signal: options.signal });
    if (values === undefined) return;
    const found = values.filter((one) => one !== undefined);
    await db.transaction().execute(async (tx) => {
      const rebuilt = await rekeyCalls(tx, found, keys);
      await tx
        .updateTable('index_epoch')
        .set(({ eb }) => ({
          ...{ reached_at: last.startedAt, reached_id: last.id },
          seen: eb('seen', '+', batch.length),
          rebuilt: eb('rebuilt', '+', rebuilt),
          unopened: eb('unopened', '+', batch.length - found.length),
        }))
        .where('number', '=', keys.epoch)
        .execute();
    });
    after = last;
  }
  await db
    .updateTable('index_epoch')
    .set({ ended_at: clock.now() })
    .where('number', '=', keys.epoch)
    .where('ended_at', 'is', null)
    .execute();
}

const walkRow = ({ db, index }: Pick<ReindexDeps, 'db' | 'index'>) =>
  db
    .selectFrom('index_epoch')
    .selectAll()
    .where('number', '=', index.current.epoch)
    .executeTakeFirstOrThrow();

async function reached(deps: ReindexDeps): Promise<Call | undefined> {
  const { reached_id: id, reached_at: startedAt } = await walkRow(deps);
  return id === null || startedAt === null ? undefined : { id, startedAt };
}

async function callsAfter(
  { db }: ReindexDeps,
  epoch: number,
  after: Call | undefined,
): Promise<Call[]> {
  // The bound beside the comparison of rows leaves out the partitions of earlier months.
  const further =
    after === undefined
      ? sql<boolean>`true`
      : sql<boolean>`started_at >= ${after.startedAt}
          and (started_at, id) > (${after.startedAt}, ${after.id}::uuid)`;
  return db
    .selectFrom('call')
    .select(['id', 'started_at as startedAt'])
    .where('index_epoch', '<>', epoch)
    .where(further)
    .orderBy('started_at')
    .orderBy('id')
    .limit(BATCH)
    .execute();
}

/** In the order of the calls; undefined as a whole when it was broken off. */
async function valuesOf(
  deps: ReindexDeps,
  calls: readonly Call[],
  { paced, signal }: { paced(): Promise<void>; signal: AbortSignal | undefined },
): Promise<(IndexedValues | undefined)[] | undefined> {
  const objects = await objectsToRead(deps, calls);
  const values: (IndexedValues | undefined)[] = calls.map(() => undefined);
  const left = [...calls.entries()];
  let failed = false;
  const lane = async () => {
    while (!failed && signal?.aborted !== true) {
      const next = left.shift();
      if (next === undefined) return;
      const [at, call] = next;
      await paced();
      values[at] = await readValues(deps, call, objects.get(call.id)).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const failure = ends.find((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return signal?.aborted === true ? undefined : values;
}

interface Readable {
  manifest?: StoredObject;
  transcript?: StoredObject;
}

/** The newest manifest and transcript of each call. */
async function objectsToRead(
  { db }: ReindexDeps,
  calls: readonly Call[],
): Promise<Map<string, Readable>> {
  const rows = await db
    .selectFrom('sealed_object')
    .selectAll()
    .where(
      'record_id',
      'in',
      calls.map(({ id }) => id),
    )
    .where('purpose', 'in', ['manifest', 'redacted-transcript'])
    .where('destroyed_at', 'is', null)
    .orderBy('created_at')
    .execute();
  const found = new Map<string, Readable>();
  for (const row of rows) {
    const object = storedObject(row as ObjectRow, []);
    const name = object.purpose === 'manifest' ? 'manifest' : 'transcript';
    found.set(object.recordId, { ...found.get(object.recordId), [name]: object });
  }
  return found;
}

/** What every site has answered of, so that waiting brings nothing better. */
const LOST = [
  ...(['ENVELOPE_MISSING', 'ENVELOPE_DAMAGED', 'KEYS_EPOCH_MISSING'] as const),
  ...(['OBJECT_MISSING', 'OBJECT_DAMAGED', 'MANIFEST_BAD'] as const),
];

async function readValues(
  { vault }: ReindexDeps,
  call: Call,
  { manifest, transcript }: Readable = {},
): Promise<IndexedValues | undefined> {
  if (manifest === undefined || transcript === undefined) return undefined;
  try {
    const { metadata } = await readManifest(await vault.open(manifest));
    const object = await vault.open(transcript);
    const text = (await object.readRange(0, object.sizeBytes)).toString();
    const { turns } = JSON.parse(text) as Transcript;
    const { phone, account } = metadata.customer;
    return {
      ...call,
      ...(phone === undefined ? {} : { phone }),
      ...(account === undefined ? {} : { account }),
      ticketIds: metadata.ticketIds,
      texts: turns.map((turn) => turn.text),
    };
  } catch (error) {
    if (LOST.some((code) => hasCode(error, code))) return undefined;
    throw error;
  }
}
