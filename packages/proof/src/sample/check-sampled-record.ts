import type { ProvenEntries } from '../log/proven-entries.ts';
import { SampleError } from './sample-error.ts';
import type { SampledRecord } from './sample-proof.ts';

/**
 * Returns when the entries that are carried of a call are about it, in order, and the manifest is the one that the
 * newest of them names. Throws SAMPLE_CLAIM.
 */
export function checkSampledRecord(record: SampledRecord, entries: ProvenEntries): void {
  const { recordId, manifest } = record;
  let before = -1;
  let newest: { entry: number; sha256: string } | undefined;
  for (const index of record.entries) {
    if (index <= before) throw claim(recordId, `entry ${index} stands twice, or not in order`);
    before = index;
    const { action, outcome, detail } = entries.about(index, recordId);
    const sha256 = detail?.['manifest'];
    const names = action === 'record.state' && outcome === 'ok' && typeof sha256 === 'string';
    if (names) newest = { entry: index, sha256 };
  }
  if (manifest?.entry === newest?.entry && manifest?.sha256 === newest?.sha256) return;
  throw claim(recordId, 'its manifest is not the one that the newest entry names');
}

function claim(recordId: string, what: string): SampleError {
  return new SampleError('SAMPLE_CLAIM', `record ${recordId}: ${what}`);
}
