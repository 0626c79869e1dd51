/**
 * One source to several readers at the pace of the slowest; each chunk is handed to all before the
 * next is asked for. `abort` ends the source and every reader with that error, the ones that have
 * not begun to read included: one site that fails must neither be waited for nor leave its
 * neighbours with a copy. A reader that stops early aborts the others too.
 */
export function tee(
  source: AsyncIterable<Uint8Array>,
  count: number,
): { readers: AsyncIterable<Uint8Array>[]; abort(error: unknown): void } {
  type Step = IteratorResult<Uint8Array, undefined>;
  const iterator = source[Symbol.asyncIterator]();
  const newGate = () => {
    const made = Promise.withResolvers<Step>();
    // A gate that rejects while nobody waits at it is not an unheard failure.
    made.promise.catch(() => undefined);
    return made;
  };
  let gate = newGate();
  let waiting = 0;
  let stopped: { error: unknown } | undefined;

  function abort(error: unknown): void {
    if (stopped !== undefined) return;
    stopped = { error };
    gate.reject(error);
    // Runs the source's own clean-up; what it throws now says less than `error`.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
  async function advance(): Promise<void> {
    const current = gate;
    waiting = 0;
    gate = newGate();
    try {
      const step = await iterator.next();
      if (stopped !== undefined) current.reject(stopped.error);
      else current.resolve(step.done === true ? { done: true, value: undefined } : step);
    } catch (error) {
      current.reject(error);
    }
  }
  const reader = (): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]() {
      let ended = false;
      return {
        async next(): Promise<Step> {
          if (ended) return { done: true, value: undefined };
          if (stopped !== undefined) throw stopped.error;
          const step = gate.promise;
          waiting += 1;
          if (waiting === count) void advance();
          try {
            const result = await step;
            ended = result.done === true;
            return result;
          } catch (error) {
            ended = true;
            throw error;
          }
        },
        async return(): Promise<Step> {
          if (!ended) abort(new Error('a reader of the same source stopped'));
          ended = true;
          return { done: true, value: undefined };
        },
      };
    },
  });
  return { readers: Array.from({ length: count }, reader), abort };
}
