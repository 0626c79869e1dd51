import type { SearchResult } from '@voxkeep/contract';
import type { TestArchive } from '../prove/test-archive.ts';
import { printTable, quantile } from './table.ts';

const STRETCH = 64 * 1024;

/** A player's seeks: one stretch from a random place of a random sample call. */
export async function measurePlayback(archive: TestArchive, rounds: number): Promise<void> {
  const { hits } = await archive.json<SearchResult>(
    'qa',
    '/records?limit=20&channel=voice&to=2026-11-30&text=您好',
  );
  const sizes = new Map<string, number>();
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = hits[round % hits.length]?.id ?? '';
    const start = Math.floor(((round * 0.618) % 1) * Math.max(0, (sizes.get(id) ?? 0) - STRETCH));
    const started = performance.now();
    const answer = await archive.ask('qa', 'GET', `/records/${id}/media`, undefined, {
      range: `bytes=${start}-${start + STRETCH - 1}`,
    });
    if (answer.status !== 206) continue;
    if (sizes.has(id)) times.push(performance.now() - started);
    sizes.set(id, Number(String(answer.headers['content-range']).split('/')[1]));
  }
  printTable(
    'playback: 64 KiB from a random place over HTTPS, policy and ledger entry included, ms',
    ['seeks', 'p50', 'p99'],
    [[String(times.length), quantile(times, 0.5), quantile(times, 0.99)]],
  );
}
