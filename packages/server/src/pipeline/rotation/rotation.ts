import { type Actor, ARCHIVE_ACTOR } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import { TIERS } from '../../record/vocabulary.ts';
import type { RotationDeps } from './deps.ts';
import { destroyEpochs, destroyIdleDays, finishDestroying } from './destroy-epochs.ts';
import { type ReindexWalk, reindexCalls, reindexWalk } from './reindex-calls.ts';
import { renewLiving, renewSince } from './renew-living.ts';
import { openRotationState, type RotationState, type Walk } from './rotation-state.ts';

const HOUR_MS = 3_600_000;
/** No step takes longer: what was under way when an epoch began has been noted by then, or never will. */
const UNDER_WAY_MS = 24 * HOUR_MS;
/** Between the time of a row and its commit. */
const MARGIN_MS = HOUR_MS;
/** Making the index anew takes the processor that serves people: ten million calls take eleven hours. */
const MOST_CALLS_PER_SECOND = 250;

type By = { actor: Actor; requestId?: string };

/** Epochs of keys, the envelopes in them and the blind indexes made with them; one of these has the state in hand. */
export interface Rotation {
  readonly state: RotationState;
  /** Keeps what was changed of the state. */
  keep(): Promise<void>;
  /** Content epochs that are held and not the current one, the oldest first. */
  older(): Promise<string[]>;
  /** How far the index is with its current epoch. */
  reindex(): Promise<ReindexWalk>;
  /** Begins a content epoch; `work` brings envelopes and index over. Rejects with ROTATION_RUNNING. */
  begin(by: By): Promise<string>;
  /**
   * Goes on with what there is to do: the walks, and what was broken off. The walks wait for another call
   * unless `covered` says that shares open the new epoch: until then they open the old envelopes only.
   */
  work(options: {
    perSecond: number;
    covered: () => Promise<boolean>;
    signal?: AbortSignal;
  }): Promise<void>;
  /**
   * Destroys the older content epochs, once nothing living is sealed in them or found by them. Rejects with
   * ROTATION_NOTHING, ROTATION_RUNNING, ROTATION_TOO_SOON. Resolves to their names.
   */
  finish(by: By): Promise<string[]>;
  /** Destroys idle keys of the quarantine; see `destroyIdleDays`. */
  destroyIdleDays(): Promise<number>;
}

/** Rejects with KEYS_DAMAGED. */
export async function openRotation(deps: RotationDeps): Promise<Rotation> {
  const { keys, clock, db, audit, index } = deps;
  const memory = await openRotationState(keys);
  const { state, keep } = memory;
  const current = () => keys.currentEpoch('basic');

  async function older(): Promise<string[]> {
    const held = (await keys.epochs()).filter(({ pool }) => pool !== 'quarantine');
    const names = new Set([...held.map(({ epoch }) => epoch), ...index.epochs()]);
    names.delete(current());
    return [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }
  const isUnderWay = (walk: Walk | undefined): walk is Walk =>
    walk !== undefined && walk.endedAt === undefined && walk.to === current();

  const isReindexing = async () => (await reindexWalk(deps)).endedAt === undefined;

  /** A walk for the current epoch while an older one is held: after a `begin`, and in a new year. */
  async function walkOf(by: By): Promise<Walk | undefined> {
    if (state.walk?.to === current()) return state.walk;
    const held = await older();
    if (held.length === 0) return undefined;
    const to = current();
    // Made now, so that a bundle that is sealed from here on has them.
    for (const pool of TIERS) await keys.kekId({ pool, epoch: to });
    await index.begin(to);
    await db.transaction().execute((tx) =>
      audit.append(tx, {
        ...{ ...by, action: 'key.rotate', resource: to, outcome: 'ok' },
        detail: { epoch: to, older: held.length },
      }),
    );
    const counts = { reached: null, seen: 0, renewed: 0, unopened: 0 };
    state.walk = { to, beganAt: clock.now().toISOString(), ...counts };
    await keep();
    return state.walk;
  }

  return {
    ...{ state, keep },
    older,
    reindex: () => reindexWalk(deps),
    async begin(by) {
      if (isUnderWay(state.walk) || (await isReindexing())) throw running();
      const epoch = await keys.beginEpoch();
      await walkOf(by);
      return epoch;
    },
    async work(options) {
      await finishDestroying(deps, memory);
      const walk = await walkOf({ actor: ARCHIVE_ACTOR });
      // Archives that began their epoch when the index still stayed in its first one.
      if (walk !== undefined && index.epochs().at(-1) !== walk.to) await index.begin(walk.to);
      const walks: (() => Promise<void>)[] = [];
      if (isUnderWay(walk)) walks.push(() => renewLiving(deps, { walk, keep }, options));
      if (await isReindexing()) {
        const perSecond = Math.min(options.perSecond, MOST_CALLS_PER_SECOND);
        walks.push(() => reindexCalls(deps, { ...options, perSecond }));
      }
      if (walks.length === 0 || !(await options.covered())) return;
      const ends = await Promise.allSettled(walks.map((one) => one()));
      const failure = ends.find((one) => one.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
    },
    async finish(by) {
      const epochs = await older();
      const { walk } = state;
      if (epochs.length === 0) {
        throw new ArchiveError('ROTATION_NOTHING', 'no content epoch but the current one is held');
      }
      const isBehind = walk?.to !== current() || index.epochs().at(-1) !== current();
      if (walk?.endedAt === undefined || isBehind || (await isReindexing())) throw running();
      const beganAt = new Date(walk.beganAt);
      const isOver =
        deps.startedAt > beganAt || clock.now().getTime() - beganAt.getTime() >= UNDER_WAY_MS;
      if (!isOver) {
        const message =
          'what was under way when the epoch began may still come: finish after a day, or after a restart';
        throw new ArchiveError('ROTATION_TOO_SOON', message, { retry: 'later' });
      }
      await renewSince(deps, new Date(beganAt.getTime() - MARGIN_MS));
      await reindexCalls(deps, { perSecond: MOST_CALLS_PER_SECOND, anew: true });
      const wanted = epochs.map((epoch) => ({ kind: 'content' as const, epoch }));
      await destroyEpochs(deps, memory, wanted, by);
      return epochs;
    },
    destroyIdleDays: () => destroyIdleDays(deps, memory),
  };
}

const running = () =>
  new ArchiveError('ROTATION_RUNNING', 'envelopes or index are still being brought over; wait', {
    retry: 'later',
  });
