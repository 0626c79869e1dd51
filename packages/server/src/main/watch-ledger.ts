import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import type { Notices, Telling } from '../core/notices.ts';
import { alarmsIn, type LedgerAlarm, type LedgerHealth, sameAlarm } from '../ledger/index.ts';
import { wasTold } from '../notices/index.ts';
import type { EventLog } from '../platform/log/logger.ts';

/** Shorter than anything is left alone after a failure, so that none goes unseen. */
const EVERY_MS = 500;
/** What comes and goes, and what outlasts a start of the archive, is told once in this time. */
const QUIET_MS = 86_400_000;

interface WatchDeps {
  db: Db;
  clock: Clock;
  notices: Notices;
  health: () => LedgerHealth;
  log: EventLog;
  /** How often it looks. */
  everyMs?: number;
}

/**
 * Tells administrators, auditors and compliance of each alarm of the ledger, once, for as long as it
 * lasts, until the function that it gives is called.
 */
export function watchLedger(deps: WatchDeps): () => Promise<void> {
  let standing: LedgerAlarm[] = [];
  const look = async () => {
    const now = alarmsIn(deps.health());
    standing = standing.filter((one) => now.some((other) => sameAlarm(one, other)));
    for (const alarm of now.filter((one) => !standing.some((other) => sameAlarm(one, other)))) {
      await tellOnce(deps, alarm);
      standing.push(alarm);
    }
  };
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= look()
      .catch((error: unknown) => deps.log.warn('alarms of the ledger', { kind: errorKind(error) }))
      .finally(() => {
        running = undefined;
      });
  }, deps.everyMs ?? EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function tellOnce({ db, clock, notices }: WatchDeps, alarm: LedgerAlarm): Promise<void> {
  const telling: Telling = {
    ...{ to: { roles: ['admin', 'auditor', 'compliance'] }, kind: 'ledger.alarm' },
    ...{ severity: 'alarm', detail: { code: alarm.code } },
    ...(alarm.where === undefined ? {} : { resource: alarm.where }),
  };
  await db.transaction().execute(async (tx) => {
    if (await wasTold(tx, telling, new Date(clock.now().getTime() - QUIET_MS))) return;
    await notices.tell(tx, telling);
  });
}
