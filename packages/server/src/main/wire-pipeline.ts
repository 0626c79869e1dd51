import { readFile } from 'node:fs/promises';
import { classify, type Rules } from '../classify/index.ts';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { IndexKeys } from '../index/index.ts';
import type { KeyStore } from '../keys/index.ts';
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
import { loadProfiles, retentionFor } from '../retire/retention.ts';
import type { Config } from './config.ts';

/** Keys of the blind indexes. */
export function indexKeysOf(keys: KeyStore): IndexKeys {
  const epoch = keys.indexEpoch;
  return {
    phone: keys.indexSecret('phone-index', epoch),
    text: keys.indexSecret('text-index', epoch),
    account: keys.indexSecret('account-index', epoch),
  };
}

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
    indexKeys: IndexKeys;
    fields: FieldSealer;
    rules: () => Rules;
  },
): Promise<PipelineDeps> {
  const { rules, ...deps } = parts;
  const { timeZone, sensitiveOriginalDays, crisisTeam } = config;
  const profiles = loadProfiles(await readFile(config.retention, 'utf8'), config.retention);
  const decoder = createFfmpegDecoder({ memoryBytes: config.mediaMemoryBytes });
  const workshop = decoder as SoundWorkshop;
  return {
    ...deps,
    ...{ queue: jobQueue, timeZone, sensitiveOriginalDays, crisisTeam },
    media: {
      probe: (source) => probeMedia(source, decoder),
      spansWithSound: (facts, source, spans) => spansWithSound(workshop, facts, source, spans),
      soundBeyond,
      render: (facts, source, spans) => renderRedacted(workshop, facts, source, spans),
      verifyMasked: (rendition, facts, spans) => verifyRedacted(workshop, facts, rendition, spans),
    },
    classifier: { classify: (input) => classify(rules(), input) },
    // Nothing forbids it yet: there are no holds.
    mayEvict: async () => true,
    lastUses: (recordIds) => lastUses(parts.db, recordIds),
    ledgerKnowsMore: (recordId) => knowsMore(parts.db, recordId),
    loggedManifest: (recordId) => manifestDigestOf(parts.db, recordId),
    retentionFor: ({ tier, classification, startedAt }) =>
      retentionFor(profiles, {
        ...{ tier, startedAt, timeZone },
        industry: classification.industry,
        businessType: classification.businessType,
      }),
  };
}
