import {
  type GrantField,
  isInScope,
  type LiveGrant,
  type LiveMandate,
  type MandateFacts,
} from '../../record/grant.ts';
import type { ObjectPurpose } from '../../record/vault.ts';
import { type Pool, TIERS } from '../../record/vocabulary.ts';

/** Any of these fields lets an object of the purpose leave; every grant shows the manifest. */
const FIELDS_OF: Record<ObjectPurpose, readonly GrantField[] | 'every'> = {
  manifest: 'every',
  'record-key': 'every',
  redacted: ['media', 'download', 'export'],
  peaks: ['media'],
  'redacted-transcript': ['transcript', 'export'],
  screenshot: ['attachments', 'export'],
  original: ['original'],
  submission: [],
};
/** Of a mandate: redacted things only. */
const MANDATED: readonly ObjectPurpose[] = [
  ...(['manifest', 'record-key', 'redacted', 'peaks', 'redacted-transcript'] as const),
];

/** Whether a warrant opens an object of a record to this account now. */
export function opensObject(
  live: LiveGrant | LiveMandate,
  asked: {
    account: string;
    role: string;
    recordId: string;
    pool: Pool;
    purpose: ObjectPurpose;
    scope?: MandateFacts | undefined;
    now: Date;
  },
): boolean {
  const { account, role, pool, purpose, now } = asked;
  if (live.holderId !== account || live.holderRole !== role) return false;
  if (now < live.since || now >= live.until) return false;
  if ('scope' in live) {
    if (!MANDATED.includes(purpose) || pool === 'quarantine') return false;
    // The manifest itself is what a scope is held against.
    if (asked.scope === undefined) return purpose === 'manifest';
    return isInScope(live.scope, asked.scope);
  }
  const record = live.records.find((one) => one.id === asked.recordId);
  if (record === undefined) return false;
  const fields = FIELDS_OF[purpose];
  if (fields !== 'every' && !live.fields.some((field) => fields.includes(field))) return false;
  if (pool === 'quarantine') return purpose === 'original' || purpose === 'screenshot';
  return TIERS.indexOf(pool) <= TIERS.indexOf(record.tier);
}
