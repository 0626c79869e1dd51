import type { RetentionRulesText, RetentionRulesView } from '@voxkeep/contract';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import { ArchiveError } from '../../core/errors.ts';
import { dayInZone, formatDay, type Period } from '../calendar-day.ts';
import { loadProfiles, type Profiles } from '../retention.ts';
import { WAITS_MS } from './apply-rules.ts';
import { reviewsDue } from './remind-reviews.ts';
import { type KeptRules, keptRules } from './rules-in-force.ts';

/** All that is to be seen of the rules, but for the file that may propose others. */
export async function viewRules(deps: {
  db: Db;
  clock: Clock;
  timeZone: string;
}): Promise<Omit<RetentionRulesView, 'file' | 'fileFaults' | 'fileDiffers'>> {
  const { db, clock, timeZone } = deps;
  const kept = await keptRules(db);
  if (kept === undefined) throw new Error('an open archive has rules');
  const profiles = loadProfiles(kept.rules, `rules ${kept.number}`);
  const versions = await db
    .selectFrom('retention_rules')
    .selectAll()
    .orderBy('number', 'desc')
    .execute();
  const waiting = await waitingRules(deps);
  return {
    inForce: textOf(kept),
    profiles: shownProfiles(profiles),
    versions: versions.map(versionOf),
    reviewsDue: reviewsDue(profiles, formatDay(dayInZone(clock.now(), timeZone))),
    walk: await walked(db, kept),
    pendingLocks: await count(db, 'pending_lock'),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

/** Rules that were ever in force. Rejects with RETENTION_RULES_UNKNOWN. */
export async function rulesText(db: Db, number: number): Promise<RetentionRulesText> {
  const row = await db
    .selectFrom('retention_rules')
    .selectAll()
    .where('number', '=', number)
    .executeTakeFirst();
  if (row !== undefined) return textOf(row);
  const message = 'no rules of that number were in force';
  throw new ArchiveError('RETENTION_RULES_UNKNOWN', message, { field: 'number' });
}

const versionOf = (row: KeptRules) => ({
  ...{ number: row.number, digest: row.digest, actorId: row.actor_id },
  inForceAt: row.in_force_at.toISOString(),
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
});

const textOf = (row: KeptRules) => ({ ...versionOf(row), rules: row.rules });

function shownProfiles({ profiles, disposal: house }: Profiles): RetentionRulesView['profiles'] {
  return profiles.map(({ applies, keep, atMost, disposal = house, ...rest }) => ({
    ...{ id: rest.id, from: rest.from, whenTold: rest.whenTold },
    ...{ clause: rest.clause, verified: rest.verified },
    ...(rest.source === undefined ? {} : { source: rest.source }),
    ...(rest.reviewBy === undefined ? {} : { reviewBy: rest.reviewBy }),
    ...(rest.note === undefined ? {} : { note: rest.note }),
    ...{ applies: given(applies), keep: shownPeriod(keep) },
    ...(atMost === undefined ? {} : { atMost: shownPeriod(atMost) }),
    disposal: {
      how: disposal.how,
      ...(disposal.after === undefined ? {} : { after: shownPeriod(disposal.after) }),
    },
  }));
}

const given = (applies: Profiles['profiles'][number]['applies']): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(applies).flatMap(([name, codes]) =>
      codes === undefined ? [] : [[name, codes]],
    ),
  );

const shownPeriod = ({ years, months, days }: Period): Record<string, number> => ({
  ...(years === undefined ? {} : { years }),
  ...(months === undefined ? {} : { months }),
  ...(days === undefined ? {} : { days }),
});

async function waitingRules({ db, clock }: { db: Db; clock: Clock }) {
  const row = await db.selectFrom('retention_proposal').selectAll().executeTakeFirst();
  if (row === undefined) return undefined;
  const until = new Date(row.at.getTime() + WAITS_MS);
  if (until <= clock.now()) return undefined;
  return {
    ...{ rules: row.rules, digest: row.preview, actorId: row.actor_id },
    ...{ at: row.at.toISOString(), until: until.toISOString() },
  };
}

async function walked(db: Db, { number, ended_at }: KeptRules) {
  const byThese = await db
    .selectFrom('record_term')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('rules', '=', number)
    .executeTakeFirstOrThrow();
  if (ended_at !== null) return { given: Number(byThese.n), of: Number(byThese.n) };
  const all = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('archived_at', 'is not', null)
    .where('state', '!=', 'disposed')
    .executeTakeFirstOrThrow();
  return { given: Number(byThese.n), of: Number(all.n) };
}

async function count(db: Db, table: 'pending_lock'): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}
