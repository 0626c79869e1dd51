import type { Clock } from '../core/clock.ts';
import type { Notices } from '../core/notices.ts';
import { type Outgoing, planDeliveries } from './plan-deliveries.ts';
import { tell } from './tell.ts';

/** The notices as other rooms see them; without `outgoing` they stay in the archive. */
export function createNotices(deps: { clock: Clock; outgoing?: Outgoing }): Notices {
  const { clock, outgoing } = deps;
  return {
    async tell(tx, telling) {
      const toldTo = await tell(tx, clock, telling);
      if (outgoing !== undefined) await planDeliveries(tx, { clock, outgoing }, telling, toldTo);
      return { told: toldTo.length };
    },
  };
}
