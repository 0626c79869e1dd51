import type { HoldSearch } from '@voxkeep/contract';
import type { RawBuilder } from 'kysely';
import type { Actor, Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { Random } from '../../core/random.ts';

/** Free texts, each sealed under the id that it belongs to. */
export interface SealedTexts {
  seal(id: string, plain: Buffer): Buffer;
  open(id: string, sealed: Buffer): Buffer;
}

/** What a search of a hold finds, as the search of records finds it. */
export interface HoldSearches {
  /**
   * The SQL of a search, over `call c`, without limits of access. Rejects with SEARCH_QUERY_INVALID or
   * SEARCH_TEXT_TOO_SHORT naming the field.
   */
  condition(search: HoldSearch): RawBuilder<boolean>;
}

/** What has to be known to say which holds keep a record. */
export interface GateDeps {
  clock: Clock;
  audit: Audit;
  texts: SealedTexts;
  searches: HoldSearches;
}

export interface HoldDeps extends GateDeps {
  db: Db;
  random: Random;
  notices: Notices;
  /** HMAC key of what free texts are committed to by. */
  commitmentKey: Buffer;
  /** Undefined where there is none that this archive made. */
  accountOf(id: string): Promise<{ role: string; locked: boolean } | undefined>;
  /** Records that no hold has a row of any more: what was put off for them is asked for again. */
  settleDeferred(tx: Tx, recordIds: readonly string[]): Promise<void>;
}

/** Who changes a hold, and who it is, whichever account is used. */
export interface Officer {
  actor: Actor;
  person: string;
  requestId: string;
}
