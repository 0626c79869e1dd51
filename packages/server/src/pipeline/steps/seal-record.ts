import { ArchiveError } from '../../core/errors.ts';
import { encodeManifest, MANIFEST_FORMAT, manifestObject } from '../../record/manifest.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import { once, openPlan, openPurpose } from './open-purpose.ts';
import type { Step } from './step.ts';

/**
 * Makes the final objects in the tier's pool, each under its own data key: the redacted rendition
 * (read back and checked), transcript, peaks, screenshots, the original of a core record, and the
 * manifest that describes them.
 */
export const sealRecord: Step = async (deps, row) => {
  const { media, classification } = row.facts;
  const pool = row.tier;
  if (media === undefined || classification === undefined || pool === undefined) {
    throw new ArchiveError('STEP_FACTS_MISSING', `record ${row.id} was not probed and classified`);
  }
  const plan = await openPlan(deps, row.id);
  const original = await openPurpose(deps, row.id, 'original');
  const written: StoredObject[] = [];
  const base = { recordId: row.id, pool };
  const write = async (part: Omit<Parameters<typeof deps.vault.write>[0], 'recordId' | 'pool'>) => {
    const stored = await deps.vault.write({ ...base, ...part });
    written.push(stored);
    return stored;
  };
  try {
    const rendition = await deps.media.render(media, original, plan.maskSpans);
    // A rendition that fails rejects both; the write's error is the one to report.
    rendition.peaks.catch(() => undefined);
    const redacted = await write({
      purpose: 'redacted',
      mediaType: rendition.mediaType,
      source: rendition.stream,
    });
    await deps.media.verifyMasked(await deps.vault.open(redacted), media, plan.maskSpans);
    const peaks = Buffer.from(JSON.stringify(await rendition.peaks));
    await write({ purpose: 'peaks', mediaType: 'application/json', source: once(peaks) });
    const text = Buffer.from(JSON.stringify(plan.transcript));
    const kind = { purpose: 'redacted-transcript', mediaType: 'application/json' } as const;
    await write({ ...kind, source: once(text) });
    for (const shot of await objectsOf(deps.db, row.id, 'screenshot')) {
      if (shot.pool !== 'quarantine') continue;
      const { ordinal, mediaType } = shot;
      const source = (await deps.vault.open(shot)).stream();
      await write({ purpose: 'screenshot', mediaType, source, ordinal });
    }
    if (pool === 'core') {
      const { mediaType } = original.stored;
      await write({ purpose: 'original', mediaType, source: original.stream() });
    }
    written.push(await deps.fields.createRecordKey(row.id, pool));
    const { kind: mediaKind, codec, sampleRate, channels, mediaType } = rendition;
    const facts = { rendition: { kind: mediaKind, codec, sampleRate, channels, mediaType } };
    const manifest = encodeManifest({
      format: MANIFEST_FORMAT,
      recordId: row.id,
      version: 1,
      createdAt: deps.clock.now(),
      receivedAt: row.receivedAt,
      tier: pool,
      metadata: plan.metadata,
      media,
      ...facts,
      findings: plan.findings,
      maskSpans: plan.maskSpans,
      classification,
      retention: deps.retentionFor({ tier: pool, classification, startedAt: row.startedAt }),
      original: { salt: plan.salt, commitment: plan.commitment },
      objects: written.map(manifestObject),
    });
    await write({ purpose: 'manifest', mediaType: 'application/json', source: once(manifest) });
    const sealedBytes = written.reduce((sum, object) => sum + object.sealedBytes, 0);
    return { written, facts, detail: { objects: written.length, sealedBytes, pool } };
  } catch (error) {
    for (const object of written) await deps.vault.destroy(object);
    throw error;
  }
};
