import type { RecordId } from '../../core/ids.ts';
import type { CallMetadata } from '../../record/metadata.ts';
import type { IntakeDeps } from '../receive-record.ts';

/** What a vCon holds, as one upload. */
export interface VconCall {
  metadata: CallMetadata;
  media: { bytes: Uint8Array; mediaType: string };
  transcript?: Uint8Array;
}

/** What happens at the drop folder, for logs and metrics. `name` is one that may be shown. */
export type DropEvent =
  | { kind: 'taken'; recordId: RecordId; bytes: number }
  | { kind: 'archived'; recordId: RecordId }
  | { kind: 'refused'; code: string; recordId?: RecordId }
  /** Stays where it is: changed after intake, no regular file, too large, disposed of before. */
  | { kind: 'left'; code: string; name: string }
  /** Has waited long for what makes it a call. */
  | { kind: 'waiting'; name: string; missing: string }
  /** Will be tried again. */
  | { kind: 'failed'; code: string; name: string }
  | { kind: 'unreachable'; code: string }
  | { kind: 'reachable' };

export interface DropDeps {
  intake: IntakeDeps;
  /** The watched folder. */
  folder: string;
  /** For how long the files of a call must not have changed before they are taken. */
  settleMs: number;
  /** After how long a file that makes no call is reported. */
  reportAfterMs: number;
  /** Calls sent in at the same time. */
  concurrency: number;
  /** Rejects with the connect room's codes. */
  parseVcon(body: AsyncIterable<Uint8Array>): Promise<VconCall>;
  report(event: DropEvent): void;
}
