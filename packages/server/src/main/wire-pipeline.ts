import { classify, type Rules } from '../classify/index.ts';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { type IndexKeyring, reclassify } from '../index/index.ts';
import { knowsMore, lastUses, manifestDigestOf } from '../ledger/index.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { FieldSealer, Placement } from '../pipeline/ports.ts';
import type { Strays } from '../place/index.ts';
import { createFfmpegDecoder } from '../platform/media/ffmpeg-decoder.ts';
import { jobQueue } from '../platform/queue/job-queue.ts';
import { probeMedia } from '../probe/index.ts';
import type { Vault } from '../record/vault.ts';
import type { SoundWorkshop } from '../redact/audio/ports.ts';
import { renderRedacted, verifyRedacted } from '../redact/audio/render-redacted.ts';
import { soundBeyond } from '../redact/audio/sound-beyond.ts';
import { spansWithSound } from '../redact/audio/sound-under.ts';
import type { HoldGate } from '../retire/holds/index.ts';
import { neededUntil } from '../retire/originals/index.ts';
import { type PersonDeps, type RestrictDeps, restrictLate } from '../retire/restrictions/index.ts';
import { retentionFor } from '../retire/retention.ts';
import { giveTerm, type TermDeps, tellAnchor } from '../retire/terms/index.ts';
import type { Config } from './config.ts';
import { retentionInForce } from './retention-in-force.ts';

/** How the retire room restricts records, and tells them the day of a closed account. */
export const restrictDepsOf = (
  parts: Pick<PipelineDeps, 'clock' | 'audit'>,
  terms: TermDeps,
): RestrictDeps & Pick<PersonDeps, 'tellAnchor'> => ({
  ...{ clock: parts.clock, audit: parts.audit },
  setRestricted: (tx, key, restricted) => reclassify(tx, key, { restricted }),
  tellAnchor: async (tx, recordId, anchor, day, actorId) =>
    void (await tellAnchor(terms, tx, recordId, anchor, day, actorId)),
});

/** Joins the steps' ports with what implements them. `rules` is asked at each call: they reload. */
export async function wirePipeline(
  config: Config,
  parts: {
    db: Db;
    clock: Clock;
    audit: Audit;
    vault: Vault;
    strays: Strays;
    scrubJournal: PipelineDeps['scrubJournal'];
    placement: Placement;
    indexKeys: IndexKeyring;
    /** Of what is watched for: see the retire room. */
    watchKey: Buffer;
    fields: FieldSealer;
    rules: () => Rules;
    holds: Pick<HoldGate, 'isHeld' | 'catchNew'>;
  },
): Promise<PipelineDeps> {
  const { rules, holds, watchKey, ...deps } = parts;
  const { timeZone, sensitiveOriginalDays, crisisTeam } = config;
  const retention = await retentionInForce(config);
  const terms = { clock: parts.clock, timeZone, rules: retention };
  const restrictions = restrictDepsOf(parts, terms);
  const decoder = createFfmpegDecoder({ memoryBytes: config.mediaMemoryBytes });
  const workshop = decoder as SoundWorkshop;
  return {
    ...deps,
    ...{ queue: jobQueue, timeZone, crisisTeam },
    media: {
      probe: (source) => probeMedia(source, decoder),
      spansWithSound: (facts, source, spans) => spansWithSound(workshop, facts, source, spans),
      soundBeyond,
      render: (facts, source, spans) => renderRedacted(workshop, facts, source, spans),
      verifyMasked: (rendition, facts, spans) => verifyRedacted(workshop, facts, rendition, spans),
    },
    classifier: { classify: (input) => classify(rules(), input) },
    mayEvict: async (tx, recordId) => !(await holds.isHeld(tx, recordId)),
    isHeld: (tx, recordId) => holds.isHeld(tx, recordId),
    catchHolds: (tx, recordId) => holds.catchNew(tx, recordId),
    restrictLate: (tx, call) => restrictLate({ ...restrictions, watchKey }, tx, call),
    lastUses: (recordIds) => lastUses(parts.db, recordIds),
    ledgerKnowsMore: (recordId) => knowsMore(parts.db, recordId),
    loggedManifest: (recordId) => manifestDigestOf(parts.db, recordId),
    async retentionFor({ tier, classification, startedAt }) {
      const { profiles } = await retention.inForce(parts.db);
      return retentionFor(profiles, {
        ...{ tier, startedAt, timeZone },
        industry: classification.industry,
        businessType: classification.businessType,
      });
    },
    async originalWaitsUntil(tx, recordId) {
      const needed = await neededUntil({ ...terms, sensitiveOriginalDays }, tx, recordId);
      if (needed === undefined || needed.until <= parts.clock.now()) return undefined;
      return needed.until;
    },
    async giveTerm(tx, recordId) {
      const given = await giveTerm(terms, tx, recordId);
      if (given === undefined) return undefined;
      const { before, after } = given;
      const { keepUntil } = after;
      return { keepUntil, ...(before === undefined ? {} : { before: before.keepUntil }) };
    },
  };
}
