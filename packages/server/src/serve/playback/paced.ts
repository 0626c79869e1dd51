import { setTimeout as sleep } from 'node:timers/promises';
import type { Draw, Haste } from './meter.ts';

const LEAST_BYTES = 4 * 1024;
const MOST_BYTES = 256 * 1024;
/** An answer that was broken off is noticed in this time, whatever it waits for. */
const LONGEST_WAIT_MS = 250;

/**
 * The bytes from offset `start`, no faster than the meter lets them go, a second of media at a time.
 * `tell` is awaited before more leaves once the reading was too hasty.
 */
export async function* paced(
  source: AsyncIterable<Uint8Array>,
  options: {
    draw: Draw;
    start: number;
    bytesASecond: number;
    tell: (haste: Haste) => Promise<unknown>;
    wait?: (ms: number) => Promise<unknown>;
  },
): AsyncIterable<Uint8Array> {
  const { draw, bytesASecond, tell, wait = sleep } = options;
  const piece = Math.round(Math.min(Math.max(bytesASecond, LEAST_BYTES), MOST_BYTES));
  let at = options.start;
  let whole = false;
  try {
    for await (const chunk of source) {
      for (let from = 0; from < chunk.length; from += piece) {
        const part = chunk.subarray(from, from + piece);
        const end = at + part.length;
        for (;;) {
          const ms = draw.delayMs(at / bytesASecond, end / bytesASecond);
          if (ms === 0) break;
          await wait(Math.min(ms, LONGEST_WAIT_MS));
        }
        const haste = draw.haste();
        if (haste !== undefined) await tell(haste);
        yield part;
        at = end;
      }
    }
    whole = true;
  } finally {
    draw.close(whole);
  }
}
