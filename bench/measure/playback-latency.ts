import { request } from 'node:https';
import type { TestArchive } from '../prove/test-archive.ts';
import { archivedLongCall } from './long-call.ts';
import { printTable, quantile } from './table.ts';

const STRETCH_BYTES = 64 * 1024;
const SEEKS_A_TICKET = 100;

/** A player's seeks into one long call: from asking to the first byte, and to the whole stretch. */
export async function measurePlayback(archive: TestArchive, rounds: number): Promise<void> {
  const id = await archivedLongCall(archive);
  const first: number[] = [];
  const whole: number[] = [];
  let sizeBytes = 0;
  let ticket = '';
  for (let round = -5; round < rounds; round += 1) {
    const share = (Math.abs(round) * 0.618_034) % 1;
    const start = Math.floor(share * Math.max(0, sizeBytes - STRETCH_BYTES));
    // As a player does: a ticket serves many seeks, and is renewed in time.
    if (round % SEEKS_A_TICKET === 0 || ticket === '') ticket = await archive.ticket('qa', id);
    const answer = await seek(archive, `/records/${id}/media?ticket=${ticket}`, start);
    if (answer.status !== 206) throw new Error(`playback gives ${answer.status}`);
    sizeBytes = answer.sizeBytes;
    if (round < 0) continue;
    first.push(answer.firstByteMs);
    whole.push(answer.allBytesMs);
  }
  printTable(
    `playback over HTTPS, policy and ledger entry included: ${rounds} random seeks into ${(sizeBytes / 1e6).toFixed(1)} MB`,
    ['ms', 'p50', 'p99'],
    [
      ['first byte', quantile(first, 0.5), quantile(first, 0.99)],
      ['64 KiB', quantile(whole, 0.5), quantile(whole, 0.99)],
    ],
  );
}

async function seek(archive: TestArchive, path: string, start: number) {
  const headers = await archive.identity('qa');
  const range = `bytes=${start}-${start + STRETCH_BYTES - 1}`;
  const options = { ca: archive.authority, headers: { ...headers, range } };
  return new Promise<{
    status: number;
    sizeBytes: number;
    firstByteMs: number;
    allBytesMs: number;
  }>((done, reject) => {
    const started = performance.now();
    const outgoing = request(`${archive.url}/api/v1${path}`, options, (incoming) => {
      let firstByteMs = 0;
      incoming.on('data', () => {
        if (firstByteMs === 0) firstByteMs = performance.now() - started;
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        done({
          status: incoming.statusCode ?? 0,
          sizeBytes: Number(String(incoming.headers['content-range']).split('/')[1]),
          firstByteMs,
          allBytesMs: performance.now() - started,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
