import type { Call, Grant } from '../../../../test/oracle/judge-access.ts';
import type { Opened } from '../client.ts';
import { DOORS, judgedBy } from './look.ts';
import type { Actor, World } from './world.ts';

/** What leaves for a while, and can be stopped in the middle. */
export const TAKEN = ['download', 'export'] as const;
export type Taken = (typeof TAKEN)[number];

/** The archive asks anew each second while bytes leave. */
const ASKED_AGAIN_MS = 1100;
/** What lies in sockets and buffers at the most; it left while it was allowed to. */
const ON_ITS_WAY_BYTES = 8 * 1024 * 1024;

/** A download that has begun and is not drawn on: most of it is still in the archive. */
export class Taking {
  readonly action: Taken;
  readonly #world: World;
  readonly #actor: Actor;
  readonly #call: Call;
  readonly #opened: Opened;
  readonly #grants: readonly Grant[];
  readonly #since = performance.now();

  private constructor(given: {
    world: World;
    actor: Actor;
    call: Call;
    action: Taken;
    opened: Opened;
    grants: readonly Grant[];
  }) {
    this.action = given.action;
    this.#world = given.world;
    this.#actor = given.actor;
    this.#call = given.call;
    this.#opened = given.opened;
    this.#grants = given.grants;
  }

  /** Resolves to what is wrong when it is not begun as the oracle says; to nothing when it is refused rightly. */
  static async begin(
    world: World,
    actor: Actor,
    action: Taken,
    now: Date,
  ): Promise<Taking | string | undefined> {
    const { long: call } = world;
    const opened = await actor.person.client.open(DOORS[action](call.id));
    const { allowed, near, grants } = judgedBy(world, actor, call, action, now);
    const begun = opened.status === 200;
    if (begun !== allowed && !near) {
      return `${action} of the long call: ${opened.status} ${JSON.stringify(opened.body)}`;
    }
    return begun ? new Taking({ world, actor, call, action, opened, grants }) : undefined;
  }

  /**
   * Draws the rest. What ended the right to it in between has to break it off; where rows were forged
   * (`disturbed`) it may be broken off too.
   */
  async end(
    now: Date,
    disturbed: boolean,
  ): Promise<{ went: 'whole' | 'broken off'; problem?: string }> {
    const waitMs = ASKED_AGAIN_MS - (performance.now() - this.#since);
    if (waitMs > 0) await new Promise((done) => setTimeout(done, waitMs));
    const { complete, sizeBytes } = await this.#opened.rest();
    const went = complete ? 'whole' : 'broken off';
    const { known } = this.#actor;
    const judged = judgedBy(this.#world, this.#actor, this.#call, this.action, now);
    if (judged.near) return { went };
    const may = judged.allowed && !known.locked;
    const what = `${this.action} that had begun: ${went} after ${sizeBytes} bytes`;
    if (!may && (complete || sizeBytes > ON_ITS_WAY_BYTES)) {
      return {
        went,
        problem: `${what}, in spite of ${[...judged.rules].join(' or ') || 'a lock'}`,
      };
    }
    // Under another grant than the one that it began with it may go on or not.
    const same = this.#grants.every(({ until }) => now < until);
    if (may && same && !complete && !disturbed) return { went, problem: `${what}, is allowed` };
    return { went };
  }
}
