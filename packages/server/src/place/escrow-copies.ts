import { ArchiveError } from '../core/errors.ts';
import { placeError, readAll, type SiteSet } from './site-set.ts';

const keyOf = (setId: string): string => `escrow/${setId}`;

/**
 * Puts an escrow bundle where any one site suffices: `escrow/<set id>` in the journal of each, read
 * back. Resolves to the sites that have it, and to the code of each that has not.
 */
export async function placeBundle(
  sites: SiteSet,
  { setId, bytes }: { setId: string; bytes: Buffer },
): Promise<{ placed: string[]; failed: { site: string; code: string }[] }> {
  const placed: string[] = [];
  const failed: { site: string; code: string }[] = [];
  for (const site of sites.all) {
    try {
      await site.put('journal', keyOf(setId), [bytes], { expectedBytes: bytes.length });
      if (!(await readAll(site, 'journal', keyOf(setId))).equals(bytes)) {
        throw placeError('OBJECT_DAMAGED', `the bundle at ${site.name} is not what was written`);
      }
      placed.push(site.name);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      failed.push({ site: site.name, code: error.code });
    }
  }
  return { placed, failed };
}

/** Removes what older sets open. False while a site does not answer or keeps it. */
export async function removeBundles(sites: SiteSet, exceptSetId: string): Promise<boolean> {
  let gone = true;
  for (const site of sites.all) {
    try {
      for await (const { key } of site.list('journal', keyOf(''))) {
        if (key !== keyOf(exceptSetId)) await site.delete('journal', key);
      }
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      gone = false;
    }
  }
  return gone;
}
