import { createHmac } from 'node:crypto';
import { HoldSearch } from '@voxkeep/contract';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { SealedTexts } from './ports.ts';

const HoldWords = z.object({
  matter: z.string(),
  reason: z.string(),
  /** Who placed it; the row alone could say anybody. */
  placer: z.object({ account: z.string(), person: z.string() }),
});
export type HoldWords = z.infer<typeof HoldWords>;

/** Each text has its own name: one does not open in another's place. */
const nameOf = (id: string, part: 'words' | 'search' | 'release' | 'exemption') =>
  `hold:${id}:${part}`;

export const sealWords = (texts: SealedTexts, id: string, words: HoldWords): Buffer =>
  texts.seal(nameOf(id, 'words'), Buffer.from(JSON.stringify(words)));

/** Rejects with FIELDS_DAMAGED for what this archive did not seal for this hold. */
export const openWords = (texts: SealedTexts, id: string, sealed: Buffer): HoldWords =>
  HoldWords.parse(JSON.parse(texts.open(nameOf(id, 'words'), sealed).toString()));

export const sealSearch = (texts: SealedTexts, id: string, search: HoldSearch): Buffer =>
  texts.seal(nameOf(id, 'search'), Buffer.from(JSON.stringify(search)));

/** Rejects with FIELDS_DAMAGED for what this archive did not seal for this hold. */
export const openSearch = (texts: SealedTexts, id: string, sealed: Buffer): HoldSearch =>
  HoldSearch.parse(JSON.parse(texts.open(nameOf(id, 'search'), sealed).toString()));

/** Why it was released, or one record of it. */
export const sealReason = (
  texts: SealedTexts,
  id: string,
  part: 'release' | 'exemption',
  reason: string,
): Buffer => texts.seal(nameOf(id, part), Buffer.from(reason));

export const openReason = (
  texts: SealedTexts,
  id: string,
  part: 'release' | 'exemption',
  sealed: Buffer,
): string => texts.open(nameOf(id, part), sealed).toString();

/** Keyed commitment to what was said of a hold: 64 hex digits. */
export const commitTo = (key: Buffer, id: string, said: unknown): string =>
  createHmac('sha256', key)
    .update(`${id}\0${canonicalJson(said)}`)
    .digest('hex');
