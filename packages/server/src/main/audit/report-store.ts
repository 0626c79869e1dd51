import { createHash } from 'node:crypto';
import { ArchiveError } from '../../core/errors.ts';
import type { ReportStore } from '../../inspect/audit/index.ts';
import type { JournalSeal } from '../../journal/ports.ts';
import { readAll, type SiteSet } from '../../place/site-set.ts';

const keyOf = (runId: string): string => `reports/audit-${runId}.vkr`;

/** Reports lie sealed in the journal of each site, bound to their place as segments are. */
export function reportStore(sites: SiteSet, seal: JournalSeal): ReportStore {
  return {
    async put(runId, plain) {
      const key = keyOf(runId);
      const parts: Uint8Array[] = [];
      for await (const part of seal.seal(key, [plain])) parts.push(part);
      const sealed = Buffer.concat(parts);
      const reached: string[] = [];
      let failure: unknown;
      for (const site of sites.all) {
        try {
          await site.put('journal', key, [sealed], { expectedBytes: sealed.length });
          if ((await readAll(site, 'journal', key)).equals(sealed)) reached.push(site.name);
        } catch (error) {
          if (!(error instanceof ArchiveError)) throw error;
          failure = error;
        }
      }
      if (reached.length === 0)
        throw failure ?? new ArchiveError('OBJECT_DAMAGED', `${key} did not stay`);
      const sha256 = createHash('sha256').update(sealed).digest('hex');
      return { key, sha256, sites: reached };
    },
    async get(key, sha256) {
      for (const site of sites.all) {
        try {
          const sealed = await readAll(site, 'journal', key);
          if (createHash('sha256').update(sealed).digest('hex') !== sha256) continue;
          const parts: Uint8Array[] = [];
          for await (const part of seal.open(key, once(sealed))) parts.push(part);
          return Buffer.concat(parts);
        } catch (error) {
          // Away, or not there: another one may have it.
          if (!(error instanceof ArchiveError)) throw error;
        }
      }
      throw new ArchiveError('OBJECT_MISSING', `no site has the report ${key}`);
    },
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
