import type { Audit } from '../../core/audit.ts';
import type { IndexKeyring } from '../../core/blind-index.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';

/** Which call: the id alone does not say in which month it lies. */
export interface CallKey {
  id: string;
  startedAt: Date;
}

export interface RestrictDeps {
  clock: Clock;
  audit: Audit;
  /** Whether searches pass over the call; in the caller's transaction. */
  setRestricted(tx: Tx, key: CallKey, restricted: boolean): Promise<void>;
}

/** What else it takes to find a person's calls, also those that come later. */
export interface PersonDeps extends RestrictDeps {
  db: Db;
  timeZone: string;
  indexKeys: IndexKeyring;
  /** HMAC key of what is watched for: it outlasts the epochs of the blind indexes. */
  watchKey: Buffer;
  /** Free texts and numbers, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer; open(id: string, sealed: Buffer): Buffer };
  /** A day that something other than the call counts from; gives the record its new term. */
  tellAnchor(
    tx: Tx,
    recordId: string,
    anchor: 'account_closure' | 'relationship_end',
    day: string,
    actorId: string,
  ): Promise<void>;
}
