import { z } from 'zod';

/**
 * SHARE_UNREADABLE: no share of a format that this program knows, or a line of it is missing.
 * SHARE_MISTYPED: a line does not agree with its check. SHARE_WRONG: well typed, and not the share that
 * was given out. SHARES_DIFFER: not all of one set. SHARES_REPEATED: one share twice. SHARES_TOO_FEW.
 * SHARES_OTHER_BUNDLE: the bundle is of another set. BUNDLE_DAMAGED: it does not read or open.
 * ESCROW_SCHEME: not 2 ≤ threshold ≤ shares ≤ 16. ESCROW_DAMAGED: escrow.json does not read.
 */
export type EscrowErrorCode =
  | 'SHARE_UNREADABLE'
  | 'SHARE_MISTYPED'
  | 'SHARE_WRONG'
  | 'SHARES_DIFFER'
  | 'SHARES_REPEATED'
  | 'SHARES_TOO_FEW'
  | 'SHARES_OTHER_BUNDLE'
  | 'BUNDLE_DAMAGED'
  | 'ESCROW_SCHEME'
  | 'ESCROW_DAMAGED';

/** One officer's part of the private escrow key. */
export interface Share {
  archiveId: string;
  /** Names the set and its key: 16 symbols of base32. */
  setId: string;
  threshold: number;
  shares: number;
  /** From 1. */
  index: number;
  /** 32 bytes. */
  value: Buffer;
}

const Base64 = z.base64();
const SetFields = z.object({
  setId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{16}$/),
  /** Of the sets of the archive, from 1: the newest is told by it, whatever the clock said. */
  number: z.int().min(1),
  createdAt: z.iso.datetime(),
  threshold: z.int(),
  shares: z.int(),
  /** X25519, base64. */
  publicKey: Base64,
  /** By index from 1: what tells a right share from a wrong one. Base64 of SHA-256. */
  commitments: z.array(Base64),
  /** When the holder of each share last showed that it is at hand and right; null for never. */
  confirmedAt: z.array(z.iso.datetime().nullable()),
});
/** What the key folder knows of a ceremony: nothing that opens anything. */
export type EscrowSet = z.infer<typeof SetFields>;
export const EscrowSetFile = SetFields.extend({ format: z.literal('voxkeep/escrow/v1') });

/** What a bundle says of itself, in the clear. */
export const BundleHeader = SetFields.omit({
  number: true,
  createdAt: true,
  confirmedAt: true,
}).extend({
  format: z.literal('voxkeep/escrow-bundle/v1'),
  archiveId: z.uuid(),
  sealedAt: z.iso.datetime(),
});
export type BundleHeader = z.infer<typeof BundleHeader>;
