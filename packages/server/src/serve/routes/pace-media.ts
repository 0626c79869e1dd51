import type { Stream } from '@voxkeep/contract';
import type { Viewer } from '../../access/index.ts';
import type { RecordId } from '../../core/ids.ts';
import { type Haste, type Meters, MOST_SPEED, paced } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { holderOf } from './redeem-ticket.ts';

/** One answer with media of a record: to whom, and how its bytes lie in time. */
export interface Paced {
  viewer: Viewer;
  recordId: RecordId;
  requestId: string;
  stream: Stream;
  durationMs: number;
  /** Of the whole rendition. */
  sizeBytes: number;
  /** Offset of the first byte that leaves. */
  start: number;
}

/** Keeps media to a pace; whoever draws it faster than it can be heard stands in the ledger, once, and is told of. */
export function paceMedia(deps: Pick<ServeDeps, 'db' | 'audit' | 'notices'>, meters: Meters) {
  return (source: AsyncIterable<Uint8Array>, answer: Paced): AsyncIterable<Uint8Array> => {
    const { viewer, recordId, durationMs, sizeBytes, start } = answer;
    const bytesASecond = sizeBytes / Math.max(1, durationMs / 1000);
    const tell = (haste: Haste) =>
      deps.db.transaction().execute(async (tx) => {
        const detail = figures(haste);
        await deps.audit.append(tx, {
          actor: { id: viewer.actorId, role: viewer.role },
          ...{ action: 'record.play_fast', resource: recordId, outcome: 'ok' },
          ...{ requestId: answer.requestId, detail },
        });
        await deps.notices.tell(tx, {
          to: { roles: ['compliance', 'auditor'], except: [viewer.actorId] },
          ...{ kind: 'playback.fast', severity: 'alarm', resource: recordId },
          detail: { ...detail, actor: viewer.actorId },
        });
      });
    // Who has heard the masked call has not heard the original.
    const heard = answer.stream === 'original' ? `${recordId} original` : recordId;
    const draw = meters.of(viewer.actorId, heard).draw(holderOf(viewer), bytesASecond);
    return paced(source, { draw, start, bytesASecond, tell });
  };
}
export type Pace = ReturnType<typeof paceMedia>;

const figures = ({ drawnS, wallS, allowanceS }: Haste) => ({
  drawnS: Math.round(drawnS),
  wallS: Math.round(wallS * 10) / 10,
  allowanceS: Math.round(allowanceS),
  mostSpeed: MOST_SPEED,
});
