import type { Clock } from '../../core/clock.ts';
import { ArchiveError } from '../../core/errors.ts';

/** How long a stream that has begun may go on after the right to it has ended. */
const EVERY_MS = 1000;

/**
 * The stream, while its viewer may still have it: `allowed` is asked again while bytes leave, and
 * its refusal breaks the stream off; after `endsAt`, where there is one, so does TICKET_EXPIRED. A whole call is a long
 * answer to a right that was had at its beginning.
 */
export async function* watched(
  source: AsyncIterable<Uint8Array>,
  bounds: { allowed: () => Promise<unknown>; endsAt?: Date; clock: Clock; everyMs?: number },
): AsyncIterable<Uint8Array> {
  const { allowed, endsAt, clock, everyMs = EVERY_MS } = bounds;
  let asked = performance.now();
  for await (const chunk of source) {
    if (performance.now() - asked >= everyMs) {
      if (endsAt !== undefined && clock.now() > endsAt) {
        throw new ArchiveError('TICKET_EXPIRED', 'the stream has outlived its ticket');
      }
      await allowed();
      asked = performance.now();
    }
    yield chunk;
  }
}
