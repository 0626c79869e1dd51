import type { Clock } from '../core/clock.ts';
import { hasCode } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { SiteStore } from './ports.ts';
import { placeError } from './site-set.ts';

const FAILURES = 5;
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * The site behind a circuit breaker: after five calls in a row that found it away, those that follow are
 * refused at once with SITE_UNREACHABLE, for a second that doubles up to a minute, with jitter; then one
 * call tries. Nobody waits long for a site that is known to be away, and one that comes back is not
 * fallen upon by all at once.
 */
export function sheltered(site: SiteStore, deps: { clock: Clock; random: Random }): SiteStore {
  const { clock, random } = deps;
  let failures = 0;
  let shut = { at: 0, forMs: 0 };
  let trying = false;

  const isShut = () => {
    const forMs = clock.now().getTime() - shut.at;
    // A clock that was put back says nothing of how long it has been.
    return forMs >= 0 && forMs < shut.forMs;
  };
  const enter = () => {
    if (failures < FAILURES) return;
    if (isShut() || trying) {
      throw placeError('SITE_UNREACHABLE', `${site.name} was away just now`, { retry: 'later' });
    }
    trying = true;
  };
  const succeeded = () => {
    failures = 0;
    trying = false;
  };
  const failed = (error: unknown) => {
    trying = false;
    // What the site itself answered shows that it is there.
    if (!hasCode(error, 'SITE_UNREACHABLE')) {
      failures = 0;
      return;
    }
    failures += 1;
    if (failures < FAILURES) return;
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - FAILURES));
    const jitter = 0.5 + (random.bytes(1)[0] ?? 0) / 512;
    shut = { at: clock.now().getTime(), forMs: longest * jitter };
  };
  const guarded = async <T>(
    work: () => Promise<T>,
    isOfCaller: (error: unknown) => boolean = () => false,
  ): Promise<T> => {
    enter();
    try {
      const answer = await work();
      succeeded();
      return answer;
    } catch (error) {
      if (isOfCaller(error)) trying = false;
      else failed(error);
      throw error;
    }
  };
  async function* guardedStream<T>(open: () => AsyncIterable<T>): AsyncGenerator<T> {
    enter();
    let left = true;
    try {
      for await (const piece of open()) {
        // The first piece shows that it is there; nobody else waits for the last one.
        succeeded();
        yield piece;
      }
      left = false;
      succeeded();
    } catch (error) {
      left = false;
      failed(error);
      throw error;
    } finally {
      // Whoever stops reading early has learnt nothing against the site.
      if (left) trying = false;
    }
  }
  return {
    name: site.name,
    async put(area, key, source, options) {
      const read = watched(source);
      return guarded(() => site.put(area, key, read.pieces, options), read.failedWith);
    },
    get: (area, key) => guardedStream(() => site.get(area, key)),
    readRange: (area, key, offset, length) =>
      guarded(() => site.readRange(area, key, offset, length)),
    stat: (area, key) => guarded(() => site.stat(area, key)),
    locks: (area) => site.locks(area),
    lock: (area, key, until) => guarded(() => site.lock(area, key, until)),
    delete: (area, key) => guarded(() => site.delete(area, key)),
    list: (area, prefix) => guardedStream(() => site.list(area, prefix)),
    health: () => site.health(),
  };
}

/** The source, and whether an error came from it: what goes to several sites fails at all with one. */
export function watched(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  let failure: { error: unknown } | undefined;
  async function* pieces() {
    try {
      yield* source;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return { pieces: pieces(), failedWith: (error: unknown) => failure?.error === error };
}
