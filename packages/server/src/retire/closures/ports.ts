import type { Tx } from '../../core/database.ts';
import type { PersonDeps } from '../restrictions/index.ts';

export interface ClosureDeps extends PersonDeps {
  /** Brings the walk over a closed account's records to its end; joins the transaction. */
  queue: { walkClosure(tx: Tx, closureId: string): Promise<void> };
  /** Opened keys of a record that is restricted now go from memory. */
  dropKeys(recordId: string): void;
}

/** What was told of a closed account, as it lies sealed. */
export interface ToldClosure {
  reference: string;
  sourceSystem: string;
  account: string;
  phone?: string | undefined;
  closedOn: string;
}
