import type { RecordId } from '../../core/ids.ts';
import type { DisposalGate } from '../../retire/may-dispose.ts';
import type { PipelineDeps } from '../deps.ts';

/** What ending a record takes. */
export interface DisposalDeps
  extends Pick<PipelineDeps, 'db' | 'clock' | 'audit' | 'vault' | 'timeZone'> {
  gate: DisposalGate;
  /** Every site of the archive: any of them may have an envelope. */
  siteNames: readonly string[];
  /** The content epoch of now: no copy made before holds keys of a later one. */
  epoch(): string;
  /** Drops the record's opened keys from memory. */
  forgetKeys(recordId: RecordId): void;
}
