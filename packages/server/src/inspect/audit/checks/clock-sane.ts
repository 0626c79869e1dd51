import { sql } from 'kysely';
import { check, each } from '../check.ts';

const TOLERANCE_MS = 5 * 60_000;

/** Times that cannot be: entries older than the one before, or anything from after now. */
export const clockSane = check<'ENTRY_BACKWARDS' | 'ENTRY_AHEAD' | 'RECORD_AHEAD'>({
  title: { zh: '时钟与时间次序', en: 'The clock, and the order of times' },
  retest: {
    zh: '重新比对账本条目与呼叫记录的时间。',
    en: 'The times of entries and records are compared again.',
  },
  codes: {
    ENTRY_BACKWARDS: {
      severity: 'high',
      wrong: { zh: '账本条目早于其前一条', en: 'An entry is older than the one before it' },
      fix: {
        zh: '查明是时钟回拨还是账本被改动；用 voxkeep ledger verify 核对各站点。',
        en: 'Find out whether the clock was put back or the log was changed; verify each site with voxkeep ledger verify.',
      },
    },
    ENTRY_AHEAD: {
      severity: 'high',
      wrong: { zh: '账本条目晚于当前时钟', en: 'An entry is later than the clock' },
      fix: {
        zh: '校准服务器时钟（NTP），并查明时钟何时被拨动。',
        en: 'Set the host’s clock right (NTP), and find out when it was turned.',
      },
    },
    RECORD_AHEAD: {
      severity: 'medium',
      wrong: {
        zh: '记录的接收或归档时间晚于当前时钟',
        en: 'A record was received or archived after now',
      },
      fix: {
        zh: '校准服务器时钟；如行被改动，以账本与清单为准恢复。',
        en: 'Set the clock right; where the row was changed, restore it from ledger and manifest.',
      },
    },
  },
  async run({ db, clock }) {
    const late = new Date(clock.now().getTime() + TOLERANCE_MS);
    const backwards = await sql<{ index: string }>`
      select index::text from (select index, sequenced_at,
        lag(sequenced_at) over (order by index) as before from ledger_entry) e
      where sequenced_at < before order by e.index`.execute(db);
    const ahead = await db
      .selectFrom('ledger_entry')
      .select('index')
      .where('sequenced_at', '>', late)
      .orderBy('index')
      .execute();
    const records = await db
      .selectFrom('record')
      .select('id')
      .where((is) => is.or([is('received_at', '>', late), is('archived_at', '>', late)]))
      .orderBy('id')
      .execute();
    const { n } = await db
      .selectFrom('ledger_entry')
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    return {
      looked: Number(n),
      findings: [
        ...each(
          'ENTRY_BACKWARDS',
          'entry',
          backwards.rows.map(({ index }) => index),
        ),
        ...each(
          'ENTRY_AHEAD',
          'entry',
          ahead.map(({ index }) => index),
        ),
        ...each(
          'RECORD_AHEAD',
          'record',
          records.map(({ id }) => id),
        ),
      ],
    };
  },
});
