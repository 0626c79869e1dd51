import { sql } from 'kysely';
import type { RecordFacts } from '../access/index.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError } from '../core/errors.ts';
import { isUuid, type RecordId } from '../core/ids.ts';
import { type Manifest, readManifest } from '../record/manifest.ts';
import { objectsOf } from '../record/object-rows.ts';
import type { ObjectPurpose, OpenObject, Pass, StoredObject, Vault } from '../record/vault.ts';
import type { RecordState, Tier } from '../record/vocabulary.ts';

/**
 * What the policy has to know of a record. Rejects with RECORD_UNKNOWN (also for what is not an
 * id at all), with RECORD_DISPOSED once it is gone, and RECORD_NOT_READY while it is on its way.
 */
export async function recordFacts(db: Db, id: string): Promise<RecordFacts & { id: RecordId }> {
  const unknown = () =>
    new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
  if (!isUuid(id)) throw unknown();
  const record = await db
    .selectFrom('record')
    .select(['id', 'state', 'tier', 'started_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (record === undefined) throw unknown();
  if (record.state === 'disposed') {
    throw new ArchiveError('RECORD_DISPOSED', 'the record is disposed of', { field: 'id' });
  }
  const call = await db
    .selectFrom('call')
    .select(['agent_id', 'team_id', 'tier', 'issue_type', 'segment', 'industry'])
    .where('id', '=', id)
    .where('started_at', '=', record.started_at)
    .executeTakeFirst();
  if (call === undefined && record.state === 'quarantined') return quarantined(db, record);
  if (call === undefined) {
    throw new ArchiveError('RECORD_NOT_READY', `the record is ${record.state}, not archived`);
  }
  const legs = await db
    .selectFrom('call_leg')
    .select('agent_id')
    .where('record_id', '=', id)
    .where('started_at', '=', record.started_at)
    .execute();
  return {
    id: id as RecordId,
    tier: call.tier as Tier,
    state: record.state as RecordState,
    startedAt: record.started_at,
    agentIds: [...new Set([call.agent_id, ...legs.map((leg) => leg.agent_id)])],
    issueType: call.issue_type,
    ...(call.team_id === null ? {} : { teamId: call.team_id }),
    ...(call.segment === null ? {} : { segment: call.segment }),
    ...(call.industry === null ? {} : { industry: call.industry }),
    ...(await caseOf(db, id)),
  };
}

/** Whose case the record is, where it is one. */
async function caseOf(db: Db, id: string): Promise<Pick<RecordFacts, 'case'>> {
  const row = await db
    .selectFrom('record_case')
    .select(['actor_id', 'team_id'])
    .where('record_id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return {};
  return {
    case: row.actor_id === null ? { teamId: row.team_id ?? '' } : { actorId: row.actor_id },
  };
}

/** Of what waits in quarantine next to nothing is known: the strictest tier, and who has it now. */
async function quarantined(
  db: Db,
  record: { id: string; tier: string | null; started_at: Date },
): Promise<RecordFacts & { id: RecordId }> {
  const lease = await db
    .selectFrom('review_lease')
    .select('actor_id')
    .where('record_id', '=', record.id)
    .where('until', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return {
    ...{ id: record.id as RecordId, tier: (record.tier ?? 'sensitive') as Tier },
    ...{ state: 'quarantined', startedAt: record.started_at, agentIds: [] },
    ...(lease === undefined ? {} : { leasedTo: lease.actor_id }),
  };
}

interface ReadingDeps {
  db: Db;
  vault: Pick<Vault, 'openFor'>;
}

/** The record's latest object of a purpose, opened for whoever has the pass. Rejects with RECORD_UNKNOWN when it has none. */
export async function openRecordObject(
  deps: ReadingDeps,
  id: RecordId,
  purpose: ObjectPurpose,
  pass: Pass,
): Promise<OpenObject & { stored: StoredObject }> {
  if (purpose !== 'manifest' && pass.by === 'mandate') await openManifest(deps, id, pass);
  return openLatest(deps, id, purpose, pass);
}

async function openLatest(
  deps: ReadingDeps,
  id: RecordId,
  purpose: ObjectPurpose,
  pass: Pass,
): Promise<OpenObject & { stored: StoredObject }> {
  const objects = await objectsOf(deps.db, id, purpose);
  const stored = objects.filter((object) => object.pool !== 'quarantine').at(-1);
  if (stored === undefined) {
    throw new ArchiveError('RECORD_UNKNOWN', `the record keeps no ${purpose}`, { field: 'id' });
  }
  return { ...(await deps.vault.openFor(stored, pass)), stored };
}

/**
 * The record's manifest. A mandate is held against what it says, not against what rows say; from then
 * on the pass carries it. Rejects with KEY_WITHHELD when the record is not of the mandate's scope.
 */
export async function openManifest(deps: ReadingDeps, id: RecordId, pass: Pass): Promise<Manifest> {
  const manifest = await readManifest(await openLatest(deps, id, 'manifest', pass));
  if (pass.by !== 'mandate') return manifest;
  const { industry, issueType } = manifest.classification;
  pass.scope = {
    startedAt: manifest.metadata.startedAt,
    issueType,
    ...(industry === undefined ? {} : { industry }),
  };
  // The key room judges it: what it withholds with the scope was not to be read without.
  await openLatest(deps, id, 'manifest', pass);
  return manifest;
}

/** A screenshot as it was sent in; `ordinal` counts from 0. Rejects with NOT_FOUND. */
export async function openScreenshot(
  deps: ReadingDeps,
  id: RecordId,
  ordinal: number,
  pass: Pass,
): Promise<OpenObject & { stored: StoredObject }> {
  if (pass.by === 'mandate') await openManifest(deps, id, pass);
  const objects = await objectsOf(deps.db, id, 'screenshot');
  const kept = objects.filter((object) => object.pool !== 'quarantine');
  const stored = kept.findLast((object) => object.ordinal === ordinal);
  if (stored === undefined) {
    throw new ArchiveError('NOT_FOUND', 'the record has no such screenshot', { field: 'n' });
  }
  return { ...(await deps.vault.openFor(stored, pass)), stored };
}

/** Where nothing is known of its length, bytes are taken for those of a call in one channel. */
const BYTES_A_MS = 16;

/**
 * The media as it was sent in, from the record's own pool or from quarantine. Rejects with
 * RECORD_UNKNOWN where it is kept no more, as of basic records.
 */
export async function openOriginal(
  deps: ReadingDeps,
  id: RecordId,
  pass: Pass,
): Promise<{ object: OpenObject & { stored: StoredObject }; durationMs: number }> {
  const objects = await objectsOf(deps.db, id, 'original');
  const stored = objects.filter((object) => object.ordinal === 0).at(-1);
  if (stored === undefined) {
    throw new ArchiveError('RECORD_UNKNOWN', 'the record keeps no original', { field: 'id' });
  }
  const { facts } = await deps.db
    .selectFrom('record')
    .select('facts')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const known = (facts as { media?: { durationMs?: number } }).media?.durationMs;
  const object = { ...(await deps.vault.openFor(stored, pass)), stored };
  return { object, durationMs: known ?? object.sizeBytes / BYTES_A_MS };
}
