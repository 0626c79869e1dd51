import type { Field, Role, Tier } from '../../../../test/oracle/access-table.ts';
import type { Grant } from '../../../../test/oracle/judge-access.ts';

/** What the model knows of an account. */
export interface Someone {
  id: string;
  /** Two accounts of one person are one person. */
  person: string;
  role: Role;
  agentId?: string;
  teamId?: string;
  locked: boolean;
  /** Counts enrolments: a signature is worth what the key it was made with is worth now. */
  keyNumber: number;
  /** Enrolled and not revoked. */
  hasKey: boolean;
}

/** How an approval is signed. */
export type Signing = 'good' | 'false' | 'key-of-another' | 'replayed';

interface Approval {
  by: Someone;
  keyNumber: number;
}

/** One access request as docs/access.md has it, "Access requests"; no thought of how it is done. */
export class RequestModel {
  state: 'pending' | 'live' | 'rejected' | 'withdrawn' | 'revoked' | 'void' = 'pending';
  readonly approvals: Approval[] = [];
  since = new Date(0);
  until = new Date(0);

  readonly id: string;
  readonly requester: Someone;
  readonly roleThen: Role;
  readonly records: readonly { id: string; tier: Tier; agentIds: readonly string[] }[];
  readonly fields: readonly Field[];
  readonly minutes: number;
  readonly decideBy: Date;

  constructor(asked: {
    id: string;
    requester: Someone;
    records: RequestModel['records'];
    fields: readonly Field[];
    minutes: number;
    decideBy: Date;
  }) {
    this.id = asked.id;
    this.requester = asked.requester;
    this.roleThen = asked.requester.role;
    this.records = asked.records.map((one) => ({ ...one }));
    this.fields = asked.fields;
    this.minutes = asked.minutes;
    this.decideBy = asked.decideBy;
  }

  /** What an act did not do after all. */
  restore(before: RequestModel): void {
    this.state = before.state;
    this.since = before.since;
    this.until = before.until;
    this.approvals.splice(0, Infinity, ...before.approvals);
  }

  copy(): RequestModel {
    const copied = new RequestModel(this);
    copied.restore(this);
    return copied;
  }

  /** Every true reason against an approval; none when it has to be taken. */
  againstApproval(by: Someone, signing: Signing, now: Date): string[] {
    if (by.locked) return ['NOT_SIGNED_IN'];
    if (by.role !== 'approver') return ['FORBIDDEN'];
    const earlier = this.approvals.find((one) => one.by.person === by.person);
    const handled = this.records.some(({ agentIds }) => agentIds.includes(by.agentId ?? '-'));
    const worthless = this.approvals.some((one) => !isWorth(one));
    return [
      ...(this.state === 'pending' ? [] : ['REQUEST_NOT_PENDING']),
      ...(now < this.decideBy ? [] : ['REQUEST_EXPIRED']),
      ...(by.person === this.requester.person ? ['OWN_REQUEST'] : []),
      ...(earlier === undefined ? [] : ['ALREADY_DECIDED', 'SAME_PERSON']),
      ...(handled ? ['HANDLED_RECORD'] : []),
      ...(signing === 'false' ? ['SIGNATURE_INVALID', 'PASSKEY_NOT_ENROLLED'] : []),
      ...(signing === 'replayed' ? ['SIGNATURE_INVALID'] : []),
      ...(signing === 'key-of-another' ? ['SAME_PERSON', 'SIGNATURE_INVALID'] : []),
      ...(by.hasKey ? [] : ['PASSKEY_NOT_ENROLLED', 'SIGNATURE_INVALID']),
      ...(worthless ? ['PASSKEY_NOT_ENROLLED', 'SIGNATURE_INVALID', 'SIGNERS_WRONG'] : []),
    ];
  }

  approve(by: Someone, now: Date): void {
    this.approvals.push({ by, keyNumber: by.keyNumber });
    if (this.approvals.length < 2) return;
    this.state = 'live';
    this.since = now;
    this.until = new Date(now.getTime() + this.minutes * 60_000);
  }

  againstRejection(by: Someone, now: Date): string[] {
    return this.againstApproval({ ...by, hasKey: true }, 'good', now).filter(
      // Who has approved may change their mind while it waits; keys have no part in it.
      (code) =>
        !['ALREADY_DECIDED', 'SAME_PERSON', 'SIGNERS_WRONG'].includes(code) && !isOfKeys(code),
    );
  }

  againstWithdrawal(by: Someone, now: Date): string[] {
    if (by.locked) return ['NOT_SIGNED_IN'];
    return [
      ...(by.id === this.requester.id ? [] : ['NOT_GRANTEE', 'REQUEST_UNKNOWN']),
      ...(this.isUnended(now) ? [] : ['REQUEST_NOT_PENDING', 'REQUEST_EXPIRED']),
    ];
  }

  againstRevocation(by: Someone, now: Date): string[] {
    if (by.locked) return ['NOT_SIGNED_IN'];
    const may = ['approver', 'compliance'].includes(by.role);
    return [
      ...(may ? [] : ['FORBIDDEN']),
      ...(this.isUnended(now) ? [] : ['REQUEST_NOT_PENDING', 'REQUEST_EXPIRED']),
    ];
  }

  isUnended(now: Date): boolean {
    if (this.state === 'pending') return now < this.decideBy;
    return this.state === 'live' && now < this.until;
  }

  /** What waits, and what is in force, ends with the role it was for, and does not come back with it. */
  roleChanged(): void {
    if (this.state === 'live' || this.state === 'pending') this.state = 'void';
  }

  /** As the oracle takes it; nothing while it is not in force. */
  grant(): Grant[] {
    if (this.state !== 'live') return [];
    const { requester, roleThen, fields, records, since, until } = this;
    const seen = records.map(({ id, tier }) => ({ id, tier }));
    return [{ holderId: requester.id, holderRole: roleThen, since, until, fields, records: seen }];
  }
}

const isWorth = ({ by, keyNumber }: Approval) =>
  by.hasKey && by.keyNumber === keyNumber && by.role === 'approver';

const isOfKeys = (code: string) => code === 'PASSKEY_NOT_ENROLLED' || code === 'SIGNATURE_INVALID';
