import type { ObjectPurpose } from '../record/vault.ts';
import type { Pool } from '../record/vocabulary.ts';

/** What says what was in a call, masked. */
const CONTENT: readonly ObjectPurpose[] = ['redacted', 'peaks', 'redacted-transcript'];
/** What a record is, when and whose; the page shows no content of it to who may not read. */
const METADATA: readonly ObjectPurpose[] = ['manifest', 'record-key'];

const READERS: Partial<Record<Pool, readonly string[]>> = {
  basic: ['agent', 'team_lead', 'qa', 'auditor', 'trainer'],
  core: ['qa', 'crisis'],
  sensitive: ['qa'],
};
const SEES_METADATA: readonly string[] = ['compliance', 'auditor'];

/**
 * The widest that a role alone can have, whatever rows say: which record it is, is decided before. No
 * original and nothing from quarantine leaves without signatures, but what lies before a reviewer.
 */
export function isReleasedToRole(role: string, pool: Pool, purpose: ObjectPurpose): boolean {
  if (pool === 'quarantine') return role === 'reviewer' && purpose === 'original';
  const reads = READERS[pool]?.includes(role) === true;
  if (CONTENT.includes(purpose)) return reads;
  if (METADATA.includes(purpose)) return reads || SEES_METADATA.includes(role);
  return purpose === 'screenshot' && pool === 'core' && role === 'crisis';
}
