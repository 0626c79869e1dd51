/** How long a stream that has begun may go on after the right to it has ended. */
const EVERY_MS = 1000;

/**
 * The stream, while its viewer may still have it: `allowed` is asked again while bytes leave, and
 * its refusal breaks the stream off. A whole call is a long answer to a right that was had at its
 * beginning.
 */
export async function* watched(
  source: AsyncIterable<Uint8Array>,
  allowed: () => Promise<unknown>,
  everyMs = EVERY_MS,
): AsyncIterable<Uint8Array> {
  let asked = performance.now();
  for await (const chunk of source) {
    if (performance.now() - asked >= everyMs) {
      await allowed();
      asked = performance.now();
    }
    yield chunk;
  }
}
