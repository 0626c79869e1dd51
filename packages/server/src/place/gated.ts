import { hasCode } from '../core/errors.ts';
import { POOLS } from '../record/vocabulary.ts';
import type { Area, SiteStore } from './ports.ts';
import { watched } from './sheltered.ts';
import { placeError } from './site-set.ts';

/** In a row, after which a site counts as one that was away. */
const FAILURES = 5;

/** What of the pools of a site may be used, and what has to be done before. */
export interface SiteGate {
  /** The site itself, past the gate. */
  readonly site: SiteStore;
  readonly isShut: boolean;
  shut(): void;
  open(): void;
}

/**
 * The site behind a gate: one that was away, or that misses a deletion, may have missed more, and may come
 * back as an older copy of itself. Until what was destroyed meanwhile is gone there too, nothing is read from
 * its pools or written to them: each call is refused at once with SITE_UNREACHABLE, as while it was
 * away, so that nobody waits for it. Ledger and journal pass, and, where the site says that it is this archive's,
 * the deletion of what was being written when the gate shut: it brings nothing back.
 */
export function gated(site: SiteStore, shutAtFirst = false): { store: SiteStore; gate: SiteGate } {
  let isShut = shutAtFirst;
  let failures = 0;

  const enter = (area: Area) => {
    if (!isPool(area) || !isShut) return;
    const message = `${site.name} may have missed what was destroyed while it was away`;
    throw placeError('SITE_UNREACHABLE', message, { retry: 'later' });
  };
  const failed = (area: Area, error: unknown, most: number) => {
    if (!isPool(area)) return;
    const isAway = hasCode(error, 'SITE_UNREACHABLE');
    failures = isAway ? failures + 1 : 0;
    if (failures >= most || hasCode(error, 'SITE_FOREIGN')) isShut = true;
  };
  const guarded = async <T>(
    area: Area,
    work: () => Promise<T>,
    { most = FAILURES, isOfCaller = (_: unknown): boolean => false } = {},
  ): Promise<T> => {
    enter(area);
    try {
      const answer = await work();
      failures = 0;
      return answer;
    } catch (error) {
      if (!isOfCaller(error)) failed(area, error, most);
      throw error;
    }
  };
  async function* guardedStream<T>(area: Area, open: () => AsyncIterable<T>): AsyncGenerator<T> {
    enter(area);
    try {
      yield* open();
    } catch (error) {
      failed(area, error, FAILURES);
      throw error;
    }
  }
  const store: SiteStore = {
    name: site.name,
    async put(area, key, source, options) {
      const read = watched(source);
      const isOfCaller = read.failedWith;
      return guarded(area, () => site.put(area, key, read.pieces, options), { isOfCaller });
    },
    get: (area, key) => guardedStream(area, () => site.get(area, key)),
    readRange: (area, key, offset, length) =>
      guarded(area, () => site.readRange(area, key, offset, length)),
    stat: (area, key) => guarded(area, () => site.stat(area, key)),
    locks: (area) => site.locks(area),
    lock: (area, key, until) => guarded(area, () => site.lock(area, key, until)),
    async delete(area, key, options = {}) {
      const passes = isShut && options.unnoted === true && (await site.health()).reachable;
      if (passes) return site.delete(area, key);
      // What is not deleted now is what it would bring back.
      return guarded(area, () => site.delete(area, key), { most: 1 });
    },
    list: (area, prefix) => guardedStream(area, () => site.list(area, prefix)),
    health: () => site.health(),
  };
  const gate: SiteGate = {
    site,
    get isShut() {
      return isShut;
    },
    shut() {
      isShut = true;
    },
    open() {
      isShut = false;
      failures = 0;
    },
  };
  return { store, gate };
}

const isPool = (area: Area): boolean => POOLS.some((pool) => pool === area);
