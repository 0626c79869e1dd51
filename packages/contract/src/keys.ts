import { z } from 'zod';
import { Instant } from './vocabulary.ts';

const KeyEpochView = z.object({
  pool: z.string(),
  epoch: z.string(),
  current: z.boolean(),
  /** Living envelopes in it; absent while it is not known. */
  envelopes: z.int().optional(),
});

const RewrapView = z.object({
  /** The epoch that envelopes are brought into. */
  to: z.string(),
  startedAt: Instant,
  /** Absent while it goes on. */
  endedAt: Instant.optional(),
  seen: z.int(),
  /** At least: what was brought over just before a break-off is not counted again. */
  renewed: z.int(),
  /** Objects of which no site has an envelope that opens. */
  unopened: z.int(),
  /** Living objects, the quarantine's left out. */
  of: z.int(),
});

const ReindexView = z.object({
  startedAt: Instant,
  /** Absent while it goes on. */
  endedAt: Instant.optional(),
  seen: z.int(),
  rebuilt: z.int(),
  /** Calls of which no site has a manifest and a transcript that open: by words they are not found. */
  unopened: z.int(),
});

const EscrowView = z.object({
  /** Names the set and its key. */
  setId: z.string(),
  createdAt: Instant,
  threshold: z.int(),
  shares: z.int(),
  /** By share: when its holder last showed it; null for never. */
  confirmedAt: z.array(Instant.nullable()),
  /** As of when each site has the bundle; absent while it has none that this process wrote. */
  sites: z.array(z.object({ name: z.string(), asOf: Instant.optional() })),
});

/**
 * keys_on_data_host: whoever takes the disk has both. escrow_missing: the loss of the key folder is the
 * loss of everything. shares_unconfirmed: fewer holders than the threshold have shown their share.
 * bundle_behind: a site has no bundle of the last day. attest: a holder of an earlier share has not
 * said that it is destroyed. rewrap: envelopes, or the search index, are being brought over.
 * rotate_finish: an old epoch can be destroyed. reshare: an epoch was destroyed since the shares were
 * made.
 */
export const KEY_DUTIES = [
  ...(['keys_on_data_host', 'escrow_missing', 'shares_unconfirmed', 'bundle_behind'] as const),
  ...(['rewrap', 'rotate_finish', 'reshare', 'attest'] as const),
] as const;

export const KeysView = z
  .object({
    archiveId: z.string(),
    store: z.enum(['file']),
    /** Keys and data lie on one host. */
    onDataHost: z.boolean(),
    epochs: z.array(KeyEpochView),
    rewrap: RewrapView.optional(),
    /** The search index, made anew under the keys of the current epoch. */
    reindex: ReindexView.optional(),
    /** Content epochs that are no more. */
    destroyed: z.array(
      z.object({
        epoch: z.string(),
        at: Instant,
        /** Since when no old copy opens that anybody kept of a site or of the catalog. */
        goneAt: Instant.optional(),
        /**
         * Until then: `reshare`, new shares have to be made; `bundles`, a site still has what the old ones
         * open; `share <set>/<number>`, whose holder has not said that it is destroyed.
         */
        waiting: z.array(z.string()),
      }),
    ),
    escrow: EscrowView.optional(),
    /** What somebody has to do, or wait for. */
    due: z.array(z.enum(KEY_DUTIES)),
    serverTime: Instant,
  })
  .meta({ id: 'KeysView' });
export type KeysView = z.infer<typeof KeysView>;

export const AttestIn = z.strictObject({
  /** An earlier set, and the number of a share of it that was destroyed. */
  setId: z.string().regex(/^[0-9A-Z]{16}$/),
  share: z.int().min(1).max(16),
});
export type AttestIn = z.infer<typeof AttestIn>;

export const RotateIn = z.strictObject({
  pool: z.enum(['content', 'quarantine']).default('content'),
});
export type RotateIn = z.infer<typeof RotateIn>;
