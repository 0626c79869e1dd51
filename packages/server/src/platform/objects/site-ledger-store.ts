import { ArchiveError, hasCode } from '../../core/errors.ts';
import type { LedgerErrorCode, LedgerStore } from '../../ledger/ports.ts';
import type { SiteStore } from '../../place/ports.ts';

/** The ledger of a site in the site's own area for it. */
export function siteLedgerStore(site: SiteStore): LedgerStore {
  const reaching = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      if (hasCode(cause, 'OBJECT_KEY_UNSAFE')) {
        throw new TypeError(`not a path within a ledger: ${path}`, { cause });
      }
      const reason = cause instanceof ArchiveError ? cause.code : 'failed';
      throw new ArchiveError<LedgerErrorCode>(
        'LEDGER_UNAVAILABLE',
        `site ${site.name}: ${path}: ${reason}`,
        { retry: 'later', cause },
      );
    }
  };
  return {
    name: site.name,
    put: (path, bytes) =>
      reaching(path, async () => void (await site.put('ledger', path, [bytes]))),
    get: (path) =>
      reaching(path, async () => {
        const parts: Uint8Array[] = [];
        try {
          for await (const part of site.get('ledger', path)) parts.push(part);
        } catch (error) {
          if (hasCode(error, 'OBJECT_MISSING')) return undefined;
          throw error;
        }
        return Buffer.concat(parts);
      }),
  };
}
