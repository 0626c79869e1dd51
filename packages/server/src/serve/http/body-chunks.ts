import type { Readable } from 'node:stream';

/** A request stream as the chunks that it is made of; ends with the stream's own error. */
export async function* bodyChunks(stream: Readable): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) yield chunk as Uint8Array;
}
