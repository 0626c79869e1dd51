import { readFile } from 'node:fs/promises';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { ArchiveError, hasCode } from '../core/errors.ts';
import type { Notices, Telling } from '../core/notices.ts';
import { halfDigest } from '../core/plain-facts.ts';
import { wasTold } from '../notices/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { loadProfiles } from '../retire/retention.ts';
import {
  digestOf,
  holdRules,
  keepRules,
  keptRules,
  type RetentionRules,
  retentionRules,
} from '../retire/terms/index.ts';

/** Compliance is told of a file that waits once in this time. */
const QUIET_MS = 7 * 86_400_000;

interface Deps {
  db: Db;
  clock: Clock;
  audit: Audit;
}

/** The text of the file and its rules. Rejects with CONFIG_UNREADABLE, RETENTION_PROFILES_INVALID. */
export async function readRetention(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ArchiveError('CONFIG_UNREADABLE', `${file} cannot be read`, { cause });
  });
  return { text, profiles: loadProfiles(text, file) };
}

/** The rules that the table says are in force; the file's until it says so. */
export async function retentionInForce(config: { retention: string }): Promise<RetentionRules> {
  return retentionRules((await readRetention(config.retention)).profiles);
}

/**
 * Puts the file's rules into force in an archive that has none yet. Where others are in force the archive goes
 * on with those, and compliance is told that the file proposes something else.
 */
export async function settleRetention(
  config: { retention: string },
  deps: Deps & { notices: Notices; log: EventLog },
): Promise<void> {
  const { db, clock, audit, notices, log } = deps;
  const { text } = await readRetention(config.retention);
  const digest = digestOf(text);
  await db.transaction().execute(async (tx) => {
    await holdRules(tx);
    const kept = await keptRules(tx);
    if (kept === undefined) {
      const actorId = ARCHIVE_ACTOR.id;
      const number = await keepRules(tx, { rules: text, actorId, at: clock.now() });
      await audit.append(tx, {
        ...{ actor: ARCHIVE_ACTOR, action: 'retention.change', resource: `rules-${number}` },
        ...{ outcome: 'ok', detail: { state: 'first', rules: halfDigest(digest) } },
      });
      return;
    }
    if (kept.digest === digest) return;
    log.warn('the retention file differs from the rules in force, which stay', {
      reason: digest.slice(0, 12),
    });
    const telling: Telling = {
      ...{ to: { roles: ['compliance'] }, kind: 'retention.differs', severity: 'action' },
      resource: digest,
    };
    if (await wasTold(tx, telling, new Date(clock.now().getTime() - QUIET_MS))) return;
    await notices.tell(tx, telling);
  });
}

/** What the file says now, faults included: whoever looks has to learn of them. */
export async function fileState(config: { retention: string }, inForce: string) {
  const text = await readFile(config.retention, 'utf8').catch(() => undefined);
  if (text === undefined) return { fileDiffers: true, fileFaults: 'the file cannot be read' };
  const state = { file: text, fileDiffers: digestOf(text) !== inForce };
  try {
    loadProfiles(text, 'retention.yaml');
    return state;
  } catch (error) {
    if (!hasCode(error, 'RETENTION_PROFILES_INVALID')) throw error;
    return { ...state, fileFaults: error.message };
  }
}
