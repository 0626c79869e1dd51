import { hasCode } from '../core/errors.ts';
import type { StoredObject } from '../record/vault.ts';
import type { PipelineDeps } from './deps.ts';

/** What a site did to its copy after it had acknowledged it; another site's makes it good. */
const LOST_SINCE = ['OBJECT_MISSING', 'OBJECT_DAMAGED', 'ENVELOPE_DAMAGED'];

/**
 * Reads a copy back and compares it; one that its site has lost or spoilt since is brought again from
 * another site, and read back then. Resolves to whether that was needed. Rejects as the vault does.
 */
export async function readBack(
  deps: Pick<PipelineDeps, 'vault'>,
  object: StoredObject,
  site: string,
): Promise<boolean> {
  try {
    await deps.vault.verify(object, site);
    return false;
  } catch (error) {
    if (!LOST_SINCE.some((code) => hasCode(error, code))) throw error;
  }
  await deps.vault.copy(object, site);
  return true;
}
