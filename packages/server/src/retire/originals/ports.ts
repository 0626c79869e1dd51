import type { Actor, Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { Random } from '../../core/random.ts';
import type { RetentionRules } from '../terms/index.ts';

/** What says for how long an original is needed. */
export interface NeededDeps {
  clock: Clock;
  /** The archive's zone: days are of it. */
  timeZone: string;
  rules: RetentionRules;
  /** Days after it was archived, where the rules say nothing else. */
  sensitiveOriginalDays: number;
}

export interface OriginalDeps extends NeededDeps {
  db: Db;
  random: Random;
  audit: Audit;
  notices: Notices;
  /** Free texts, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer; open(id: string, sealed: Buffer): Buffer };
}

/** Whoever asks or decides: an account, the person behind it (a keyed hash), and the request. */
export interface OriginalOfficer {
  actor: Actor;
  person: string;
  requestId: string;
}
