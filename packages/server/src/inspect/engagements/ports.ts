import type { RecordRetention } from '@voxkeep/contract';
import type { Seals } from '../../access/index.ts';
import type { Actor, Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { Random } from '../../core/random.ts';

export interface EngagementDeps {
  db: Db;
  clock: Clock;
  random: Random;
  audit: Audit;
  notices: Notices;
  /** Of accounts: those of an engagement end with it. */
  seals: Seals;
  archiveId: string;
  /** The archive's zone: days are of it. */
  timeZone: string;
  /** HMAC key of what free texts are committed to by. */
  commitmentKey: Buffer;
  /** Free texts, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer; open(id: string, sealed: Buffer): Buffer };
  /** The log that is in force. */
  log(): { origin: string; verifierKey: string };
  /** Until when a record is kept, and why; undefined for one that is gone. */
  explain(recordId: string): Promise<RecordRetention | undefined>;
}

/** Whoever does something: an account, the person behind it, and the request. */
export interface Party {
  actor: Actor;
  /** Keyed hash of the person's number. */
  person: string;
  requestId: string;
  /** Of an outside auditor. */
  engagementId?: string | undefined;
}

/** Whoever looks. */
export type Onlooker = Pick<Party, 'actor' | 'requestId' | 'engagementId'> & {
  /** Undefined for an account that names no person. */
  person?: string | undefined;
};
