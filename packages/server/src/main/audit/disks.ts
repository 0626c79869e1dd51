import type { DiskState } from '../../inspect/audit/index.ts';
import { diskUnder } from '../../platform/host/disk-under.ts';
import { bucketEncryption } from '../../platform/objects/bucket-encryption.ts';
import { s3AccessOf } from '../open-sites.ts';
import type { SiteEntry } from '../sites-file.ts';

/** Of each place that the archive writes to: the data and key folders, and every site. */
export async function diskStates(
  entries: readonly SiteEntry[],
  folders: { data: string; keys: string },
): Promise<DiskState[]> {
  const own = Object.entries(folders).map(async ([place, folder]) => ({
    ...{ place, ...(await diskUnder(folder)) },
  }));
  const sites = entries.map(async (entry): Promise<DiskState> => {
    const { name: place, folder, s3, limits } = entry;
    if (s3 === undefined) return { place, ...(await diskUnder(folder ?? '')) };
    const { service, layout } = await s3AccessOf(place, s3, limits.atOnce);
    const buckets = [...Object.values(layout.areas), ...Object.values(layout.envelopes)];
    const states = await Promise.all(buckets.map((one) => bucketEncryption(service, one)));
    const worst = (['no', 'unknown'] as const).flatMap((state) =>
      states.filter(({ encrypted }) => encrypted === state),
    );
    return { place, ...(worst[0] ?? { encrypted: 'yes', how: 'sse' }) };
  });
  return Promise.all([...own, ...sites]);
}
