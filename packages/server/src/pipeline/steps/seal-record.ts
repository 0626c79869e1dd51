import { encodeManifest, MANIFEST_FORMAT, manifestObject } from '../../record/manifest.ts';
import { objectsOf } from '../../record/object-rows.ts';
import type { StoredObject } from '../../record/vault.ts';
import { Quarantined } from '../quarantine.ts';
import { factsUpTo } from '../record-row.ts';
import type { Step } from './step.ts';

/**
 * Makes the final objects in the tier's pool, each under its own data key: the redacted rendition
 * (read back and checked), transcript, peaks, screenshots, the original of a core record, and the
 * manifest that describes them.
 */
export const sealRecord: Step = async (deps, row, material) => {
  const { media, classification, tier: pool } = factsUpTo(row, 'classification');
  const plan = await material.plan(media);
  const { salt, commitment } = await material.submission();
  const original = await material.open('original');
  const maskSpans = await deps.media.spansWithSound(media, original, plan.maskSpans);
  const written: StoredObject[] = [];
  const base = { recordId: row.id, pool };
  const write = async (part: Omit<Parameters<typeof deps.vault.write>[0], 'recordId' | 'pool'>) => {
    const stored = await deps.vault.write({ ...base, ...part });
    written.push(stored);
    return stored;
  };
  try {
    const rendition = await deps.media.render(media, original, maskSpans);
    // A rendition that fails rejects both; the write's error is the one to report.
    rendition.peaks.catch(() => undefined);
    const redacted = await write({
      purpose: 'redacted',
      mediaType: rendition.mediaType,
      source: rendition.stream,
    });
    await deps.media.verifyMasked(await deps.vault.open(redacted), media, maskSpans);
    const outline = await rendition.peaks;
    const beyond = deps.media.soundBeyond(outline, plan.transcript.turns);
    if (beyond !== undefined) {
      const reason = `something is heard for ${beyond} ms after the last word of the transcript`;
      throw new Quarantined('TRANSCRIPT_INCOMPLETE', reason);
    }
    const peaks = Buffer.from(JSON.stringify(outline));
    const text = Buffer.from(JSON.stringify(plan.transcript));
    const mediaType = 'application/json';
    const others: Promise<unknown>[] = [
      write({ purpose: 'peaks', mediaType, source: once(peaks) }),
      write({ purpose: 'redacted-transcript', mediaType, source: once(text) }),
      deps.fields.createRecordKey(row.id, pool).then((key) => written.push(key)),
    ];
    if (pool === 'core') {
      const source = original.stream();
      others.push(write({ purpose: 'original', mediaType: original.stored.mediaType, source }));
    }
    // Side by side, so that they wait for the disk together; none is under way when this fails.
    const failed = (await Promise.allSettled(others)).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    for (const shot of await objectsOf(deps.db, row.id, 'screenshot')) {
      if (shot.pool !== 'quarantine') continue;
      const { ordinal } = shot;
      const source = (await deps.vault.open(shot)).stream();
      await write({ purpose: 'screenshot', mediaType: shot.mediaType, source, ordinal });
    }
    const { kind, codec, sampleRate, channels } = rendition;
    const facts = {
      rendition: { kind, codec, sampleRate, channels, mediaType: rendition.mediaType },
    };
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
      maskSpans,
      classification,
      retention: await deps.retentionFor({
        ...{ tier: pool, classification, startedAt: row.startedAt },
      }),
      original: { salt: salt.toString('base64'), commitment },
      objects: written.map(manifestObject),
    });
    await write({ purpose: 'manifest', mediaType, source: once(manifest) });
    const sealedBytes = written.reduce((sum, object) => sum + object.sealedBytes, 0);
    return { written, facts, detail: { objects: written.length, sealedBytes, pool } };
  } catch (error) {
    await deps.vault.discard(written);
    throw error;
  }
};

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
