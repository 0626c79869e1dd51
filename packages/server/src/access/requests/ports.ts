import type { Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Notices } from '../../core/notices.ts';
import type { Random } from '../../core/random.ts';
import type { Assertion } from '../../record/assertion.ts';
import type { LiveGrant, LiveMandate } from '../../record/grant.ts';

/** Where signatures are judged and grants live: the key room. It believes nothing of the catalog. */
export interface SigningRoom {
  signerOf(
    canonical: string,
    assertion: Assertion,
  ): Promise<{ id: string; account: string; person: string; credentialId: string }>;
  admit(canonical: string, assertions: Assertion[], now: Date): Promise<LiveGrant | LiveMandate>;
  bar(requestId: string, until: Date): Promise<void>;
  review(canonical: string, assertion: Assertion): Promise<void>;
  unreviewed(): Promise<readonly string[]>;
  partiesOf(requestId: string): Promise<readonly string[]>;
  isAdmitted(requestId: string): Promise<boolean>;
  inForce(now: Date): Promise<readonly { canonical: string; since: Date; until: Date }[]>;
  isRequest(canonical: string): boolean;
  wouldAdmit(canonical: string, assertions: Assertion[], now: Date): Promise<void>;
  liveFor(account: string, now: Date): Promise<{ grants: LiveGrant[]; mandates: LiveMandate[] }>;
}

/** An account as its sealed row has it. */
export interface KnownAccount {
  role: string;
  person?: string;
  locked: boolean;
}

export interface RequestDeps {
  db: Db;
  /** Undefined where there is none that this archive made. */
  accountOf(id: string): Promise<KnownAccount | undefined>;
  clock: Clock;
  random: Random;
  audit: Audit;
  notices: Notices;
  warrants: SigningRoom;
  archiveId: string;
  timeZone: string;
  /** HMAC key of what free texts are committed to by. */
  commitmentKey: Buffer;
  /** Free texts, each sealed under the id that it belongs to. */
  texts: { seal(id: string, plain: Buffer): Buffer; open(id: string, sealed: Buffer): Buffer };
}
