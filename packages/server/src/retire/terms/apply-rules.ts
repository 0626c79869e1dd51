import type { RetentionPreview } from '@voxkeep/contract';
import type { Actor, Audit } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { halfDigest } from '../../core/plain-facts.ts';
import { loadProfiles } from '../retention.ts';
import { previewRules, shortened } from './preview-rules.ts';
import { digestOf, holdRules, type KeptRules, keepRules, keptRules } from './rules-in-force.ts';

/** For how long the first officer's word waits for the second's. */
export const WAITS_MS = 7 * 86_400_000;

export type RulesErrorCode =
  | 'RETENTION_RULES_UNKNOWN'
  | 'RETENTION_SHORTENS'
  | 'RETENTION_STALE'
  | 'RETENTION_UNCHANGED'
  | 'RETENTION_WALKING';

export interface RulesDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
}

/** Rules that somebody wants in force, and the preview that was looked at. */
export interface AskedRules {
  rules: string;
  /** Of the preview. */
  digest: string;
  acceptShorter: boolean;
  actor: Actor;
  /** Who it is, whichever account is used. */
  person: string;
  requestId: string;
}

/**
 * What other rules would change; nothing changes. Rejects with RETENTION_PROFILES_INVALID, and with
 * RETENTION_WALKING while the last change is still being carried to every record.
 */
export async function preview(db: Db, rules: string): Promise<RetentionPreview> {
  const profiles = loadProfiles(rules, 'rules');
  const { number } = await demandSettled(db);
  return previewRules(db, { text: rules, profiles }, number);
}

/**
 * Puts rules into force: at once where no record may go sooner by them; otherwise when a second person asks
 * for the same. Rejects with RETENTION_PROFILES_INVALID, RETENTION_WALKING, RETENTION_UNCHANGED,
 * RETENTION_STALE when the preview is not what it would be now, RETENTION_SHORTENS when records would be
 * kept shorter and nobody said that this is meant.
 */
export async function applyRules(
  deps: RulesDeps,
  asked: AskedRules,
): Promise<'done' | 'awaits-second-person'> {
  const found = await preview(deps.db, asked.rules);
  const kept = await demandSettled(deps.db);
  if (kept.digest === digestOf(asked.rules)) {
    const message = 'these rules are in force already';
    throw new ArchiveError('RETENTION_UNCHANGED', message, { field: 'body/rules' });
  }
  if (found.digest !== asked.digest) throw stale();
  const fewer = shortened(found.counts);
  if (fewer > 0 && !asked.acceptShorter) throw shortens(found.counts);
  const { done, outboxId } = await deps.db.transaction().execute(async (tx) => {
    await holdRules(tx);
    if ((await keptRules(tx))?.number !== kept.number) throw stale();
    const put = fewer === 0 || (await isSecond(deps, tx, asked));
    const number = put ? await putInForce(deps, tx, asked) : kept.number + 1;
    const written = await deps.audit.append(tx, {
      ...{ actor: asked.actor, action: 'retention.change', resource: `rules-${number}` },
      ...{ outcome: 'ok', requestId: asked.requestId },
      detail: {
        ...{ state: put ? 'done' : 'awaits-second-person', before: halfDigest(kept.digest) },
        ...{ rules: halfDigest(digestOf(asked.rules)), preview: halfDigest(asked.digest) },
        ...found.counts,
      },
    });
    return { done: put, outboxId: written.outboxId };
  });
  await deps.audit.settle(outboxId);
  return done ? 'done' : 'awaits-second-person';
}

async function demandSettled(db: Db): Promise<KeptRules> {
  const kept = await keptRules(db);
  if (kept === undefined) throw new Error('an open archive has rules');
  if (kept.ended_at !== null) return kept;
  const message = 'the last change is still being carried to every record';
  throw new ArchiveError('RETENTION_WALKING', message, { retry: 'later' });
}

/** Whether another person has asked for the same; else this one's word is kept for them. */
async function isSecond(
  { clock }: RulesDeps,
  tx: Tx,
  { rules, digest, actor, person }: AskedRules,
): Promise<boolean> {
  const now = clock.now();
  const first = await tx.selectFrom('retention_proposal').selectAll().executeTakeFirst();
  const fresh = first !== undefined && first.at.getTime() > now.getTime() - WAITS_MS;
  // An account that was given another person number in between is not another person.
  const another = first?.person !== person && first?.actor_id !== actor.id;
  if (fresh && first.preview === digest && first.rules === rules && another) return true;
  const words = { rules, preview: digest, actor_id: actor.id, person, at: now };
  await tx
    .insertInto('retention_proposal')
    .values(words)
    .onConflict((conflict) => conflict.column('one').doUpdateSet(words))
    .execute();
  return false;
}

async function putInForce(deps: RulesDeps, tx: Tx, asked: AskedRules): Promise<number> {
  await tx.deleteFrom('retention_proposal').execute();
  const at = deps.clock.now();
  return keepRules(tx, { rules: asked.rules, actorId: asked.actor.id, at });
}

const stale = () =>
  new ArchiveError('RETENTION_STALE', 'the preview is not what it would be now; look at it again', {
    field: 'body/digest',
  });

function shortens(counts: RetentionPreview['counts']): ArchiveError {
  const { shorter, closes, sooner } = counts;
  const message = `${shorter} records would be kept shorter, ${closes} open ends close, ${sooner} are due sooner`;
  return new ArchiveError('RETENTION_SHORTENS', message, { field: 'body/acceptShorter' });
}
