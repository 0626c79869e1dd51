/**
 * One source to several readers at the pace of the slowest; each chunk is handed on to all before
 * the next is asked for. When a reader stops, the source ends for all with the error it stopped by.
 */
export function tee(source: AsyncIterable<Uint8Array>, count: number): AsyncIterable<Uint8Array>[] {
  type Step = { done: boolean; value: Uint8Array | undefined };
  const iterator = source[Symbol.asyncIterator]();
  let waiting = 0;
  let gate = Promise.withResolvers<Step>();
  gate.promise.catch(() => undefined);
  let left = count;

  async function advance(): Promise<void> {
    const current = gate;
    waiting = 0;
    gate = Promise.withResolvers<Step>();
    gate.promise.catch(() => undefined);
    try {
      const step = await iterator.next();
      current.resolve({ done: step.done === true, value: step.value as Uint8Array | undefined });
    } catch (error) {
      current.reject(error);
    }
  }

  async function* reader(): AsyncGenerator<Uint8Array> {
    let finished = false;
    try {
      for (;;) {
        const step = gate.promise;
        waiting += 1;
        if (waiting === left) void advance();
        const { done, value } = await step;
        if (done || value === undefined) {
          finished = true;
          return;
        }
        yield value;
      }
    } finally {
      if (!finished) {
        left -= 1;
        if (left > 0 && waiting === left) void advance();
        if (left === 0) await iterator.return?.();
      }
    }
  }
  return Array.from({ length: count }, reader);
}
