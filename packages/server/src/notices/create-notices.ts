import type { Clock } from '../core/clock.ts';
import type { Notices } from '../core/notices.ts';
import { tell } from './tell.ts';

/** The notices as other rooms see them. */
export function createNotices(deps: { clock: Clock }): Notices {
  return {
    async tell(tx, telling) {
      const toldTo = await tell(tx, deps.clock, telling);
      return { told: toldTo.length };
    },
  };
}
