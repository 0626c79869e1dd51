import { ARCHIVE_ACTOR } from '../core/audit.ts';
import type { RecordId } from '../core/ids.ts';
import type { FurtherCopy } from '../place/index.ts';
import { encodeManifest, manifestObject, readManifest } from '../record/manifest.ts';
import { insertObjects, objectsOf } from '../record/object-rows.ts';
import type { StoredObject } from '../record/vault.ts';
import type { Tier } from '../record/vocabulary.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyObject } from './destroy-object.ts';
import { type Lock, lockCopy, noteLocks } from './lock-copy.ts';
import { manifestDigest } from './manifest-digest.ts';
import { notePending } from './note-pending.ts';
import { recordRow } from './record-row.ts';

/**
 * Brings the objects of a record into the pool of its tier, each under a new key: written, read back
 * at every site that must acknowledge, then noted; only then are those of the old pool destroyed,
 * envelopes first. May be run again at any point, and for a record that is where it belongs.
 */
export async function moveRecord(deps: PipelineDeps, recordId: RecordId): Promise<void> {
  const row = await recordRow(deps.db, recordId);
  const { tier } = row;
  if (tier === undefined || (row.state !== 'archived' && row.state !== 'restricted')) return;
  const objects = (await objectsOf(deps.db, recordId)).filter((one) => one.pool !== 'quarantine');
  const old = objects.filter((one) => one.pool !== tier);
  if (old.length === 0) return;
  if (!objects.some((one) => one.pool === tier && one.purpose === 'manifest')) {
    await writeAnew(deps, recordId, tier, old);
  }
  // The record's own key stays where it was made: the catalog's fields are sealed under it.
  for (const object of old) if (object.purpose !== 'record-key') await destroyObject(deps, object);
}

async function writeAnew(
  deps: PipelineDeps,
  recordId: RecordId,
  tier: Tier,
  old: readonly StoredObject[],
): Promise<void> {
  const written: StoredObject[] = [];
  try {
    const manifestOf = old.findLast((one) => one.purpose === 'manifest');
    if (manifestOf === undefined) throw new Error('a record in a pool has a manifest there');
    const manifest = await readManifest(await deps.vault.open(manifestOf));
    const version = manifest.version + 1;
    for (const object of old) {
      if (object.purpose === 'manifest' || object.purpose === 'record-key') continue;
      const { purpose, mediaType, ordinal } = object;
      const source = (await deps.vault.open(object)).stream();
      const part = { recordId, purpose, pool: tier, mediaType, ordinal, version, source };
      written.push(await deps.vault.write(part));
    }
    const { metadata, classification } = manifest;
    const because = 'a person decided it; the ledger says who and why';
    const reasons = [...classification.reasons, { field: 'tier', rule: 'person', because }];
    const decided = { ...classification, tier, reasons } as typeof classification;
    const { startedAt } = metadata;
    const retention = await deps.retentionFor({ tier, classification: decided, startedAt });
    const next = encodeManifest({
      ...{ ...manifest, version, tier, createdAt: deps.clock.now(), classification: decided },
      retention,
      objects: written.map(manifestObject),
    });
    const source = (async function* () {
      yield next;
    })();
    const mediaType = 'application/json';
    const about = { recordId, purpose: 'manifest' as const, pool: tier, mediaType, version };
    written.push(await deps.vault.write({ ...about, source }));
    const locks: Lock[] = [];
    const { acknowledged, further } = deps.placement.copiesOf(tier, deps.clock.now());
    for (const site of acknowledged) {
      for (const object of written) {
        await deps.vault.verify(object, site);
        const until = await lockCopy(deps, object, site, retention);
        if (until !== null) locks.push({ site, objectId: object.id, until });
      }
    }
    const classified = { version, classification: decided };
    await note(deps, recordId, { tier, written, ...classified, locks, further });
  } catch (error) {
    const noted = new Set((await objectsOf(deps.db, recordId)).map((one) => one.id));
    await deps.vault.discard(written.filter((object) => !noted.has(object.id)));
    throw error;
  }
}

async function note(
  deps: PipelineDeps,
  recordId: RecordId,
  moved: {
    tier: Tier;
    written: readonly StoredObject[];
    version: number;
    classification: object;
    locks: readonly Lock[];
    further: readonly FurtherCopy[];
  },
): Promise<void> {
  const { tier, written, version, classification, locks, further } = moved;
  const now = deps.clock.now();
  await deps.db.transaction().execute(async (tx) => {
    const row = await recordRow(tx, recordId, true);
    // Decided anew meanwhile: the next run moves it from where it is.
    if (row.tier !== tier) throw new Error('the tier has changed meanwhile');
    // Disposed of meanwhile: nothing of it comes back.
    if (row.state !== 'archived' && row.state !== 'restricted') {
      throw new Error(`the record is ${row.state} by now`);
    }
    await insertObjects(tx, written, now);
    const ids = written.map((one) => one.id);
    await tx
      .updateTable('object_copy')
      .set({ verified_at: now })
      .where('object_id', 'in', ids)
      .execute();
    await noteLocks(tx, locks);
    await notePending(tx, written, further);
    await tx
      .updateTable('record')
      .set({
        manifest_version: version,
        facts: JSON.stringify({ ...row.facts, classification }),
      })
      .where('id', '=', recordId)
      .execute();
    await deps.giveTerm(tx, recordId);
    await deps.audit.append(tx, {
      ...{ actor: ARCHIVE_ACTOR, action: 'record.state', resource: recordId, outcome: 'ok' },
      detail: { moved: written.length, pool: tier, version, ...manifestDigest(written) },
    });
  });
}
