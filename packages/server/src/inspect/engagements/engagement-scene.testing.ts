import { createHash } from 'node:crypto';
import type { EngagementIn, SampleIn } from '@voxkeep/contract';
import { noteSigner } from '@voxkeep/proof';
import { createAccount } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import { type Clock, fixedClock } from '../../core/clock.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import { type CallRow, indexRecords } from '../../index/index.ts';
import { openFields, sealFields } from '../../keys/index.ts';
import { ledgerAudit, startSequencer } from '../../ledger/index.ts';
import { memoryStore } from '../../ledger/memory-store.testing.ts';
import { createNotices } from '../../notices/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import {
  confirmEngagement,
  type EngagementDeps,
  openEngagement,
  type Party,
  timeBoxOf,
  viewEngagement,
} from './index.ts';

export const ARCHIVE_ID = '0198a1b2-0000-7000-8000-000000000001';
const SEED = Buffer.alloc(32, 5);
export const LOG = noteSigner(`voxkeep/${ARCHIVE_ID}`, SEED);
const SEAL_KEY = Buffer.alloc(32, 8);
const KEYS = {
  ...{ epoch: 1, phone: Buffer.alloc(32, 4), text: Buffer.alloc(32, 5), account: Buffer.alloc(32) },
};
/** Nine in the morning in Shanghai. */
export const START = '2026-11-20T01:00:00Z';
export const PASSWORD = 'correct horse battery';
export const NONCE = Buffer.alloc(32, 9).toString('hex');

export const officer = (name: string, person = name): Party => ({
  ...{ actor: { id: name, role: 'compliance' }, person, requestId: `r-${name}` },
});
export const LI = officer('li');
export const WANG = officer('wang');
export const HOUSE_AUDITOR: Party = {
  ...{ actor: { id: 'house', role: 'auditor' }, person: 'house', requestId: 'r-house' },
};

export const TERMS: EngagementIn = {
  ...{ firm: '华信会计师事务所', purpose: '年度第三方审计', checks: ['clock.sane'] },
  calls: { from: '2026-01-01', to: '2026-06-30', tiers: ['basic', 'core'] },
  ...{ from: '2026-11-20', until: '2026-12-20' },
};
export const SAMPLE: SampleIn = {
  calls: { from: '2026-02-01', to: '2026-03-31', tiers: ['basic', 'core'] },
  size: 5,
  commitment: createHash('sha256').update(Buffer.from(NONCE, 'hex')).digest('hex'),
};

export interface EngagementScene {
  deps: EngagementDeps;
  clock: Clock & { set(at: Date | string): void };
  database: Awaited<ReturnType<typeof testDatabase>>;
  /** An engagement in force. */
  engaged(terms?: Partial<EngagementIn>): Promise<string>;
  /** Somebody who has an account of it. */
  auditor(engagementId: string, username: string): Promise<Party>;
  /** Calls of these tiers, one a day from 1 February on, each with two entries in the ledger; their ids. */
  calls(tiers: readonly CallRow['tier'][]): Promise<string[]>;
  close(): Promise<void>;
}

/** The room over a real catalog and a real ledger, whose sites lie in memory. */
export async function engagementScene(): Promise<EngagementScene> {
  const database = await testDatabase();
  const { db, pool } = database;
  const clock = fixedClock(START);
  const stores = [memoryStore('hq'), memoryStore('branch')];
  const sequencer = await startSequencer({
    ...{ db, pool, clock, origin: LOG.name, signingKey: SEED, stores },
  });
  const audit = ledgerAudit({ clock, sequencer });
  const deps: EngagementDeps = {
    ...{ db, clock, audit, random: systemRandom, notices: createNotices({ clock }) },
    ...{ seals: testSeals(), archiveId: ARCHIVE_ID, timeZone: 'Asia/Shanghai' },
    commitmentKey: Buffer.alloc(32, 3),
    texts: {
      seal: (id, plain) => sealFields(SEAL_KEY, id, plain, systemRandom),
      open: (id, sealed) => openFields(SEAL_KEY, id, sealed),
    },
    log: () => sequencer.log(),
    explain: async (recordId) => ({
      ...{ recordId, tier: 'basic', called: '2026-02-01', keepUntil: '2029-02-01', rules: 1 },
      ...{ openEnded: false, waitsFor: [], how: 'delete', rule: 'basic', clause: '', given: true },
      ...{ verified: 'read', from: 'call', alsoApplied: [], holds: 0, restricted: [] },
      anchors: [{ anchor: 'contract_end', day: '2026-05-01', toldAt: START, toldBy: 'u-service' }],
    }),
  };
  return {
    ...{ deps, clock, database },
    async engaged(terms = {}) {
      const id = await openEngagement(deps, { ...TERMS, ...terms }, LI);
      const { commitment } = await viewEngagement(deps, id, WANG);
      await confirmEngagement(deps, id, commitment, WANG);
      return id;
    },
    async auditor(engagementId, username) {
      const within = await timeBoxOf(deps, db, engagementId);
      const { id } = await createAccount(deps, {
        ...{ username, displayName: username, role: 'auditor', password: PASSWORD },
        ...{ personId: username, within },
      });
      const person = deps.seals.personRef(username);
      return {
        ...{ actor: { id, role: 'auditor' }, person, requestId: `r-${username}`, engagementId },
      };
    },
    async calls(tiers) {
      const rows = tiers.map((tier, at) => callOf(tier, at));
      await db.transaction().execute(async (tx) => {
        await indexRecords(tx, rows, KEYS);
        for (const { id } of rows) {
          const about = { actor: { id: 'archive', role: 'system' }, resource: id } as const;
          await audit.append(tx, { ...about, action: 'record.intake', outcome: 'ok' });
          const manifest = createHash('sha256').update(id).digest('hex');
          await audit.append(tx, {
            ...{ ...about, action: 'record.state', outcome: 'ok', detail: { manifest } },
          });
        }
      });
      await sequencer.flush();
      return rows.map(({ id }) => id).sort();
    },
    async close() {
      await sequencer.stop();
      await database.close();
    },
  };
}

function callOf(tier: CallRow['tier'], at: number): CallRow {
  const startedAt = new Date(Date.parse('2026-02-01T02:00:00Z') + at * 86_400_000);
  return {
    ...{ id: newUuidV7(fixedClock(startedAt)), startedAt, durationMs: 60_000, tier },
    ...{ issueType: '业务咨询', agentId: '001', legAgentIds: [], channel: 'voice' },
    ...{ direction: 'inbound', phone: '13800007315', ticketIds: [], findingCount: 0 },
    ...{ texts: ['请问套餐'], fields: Buffer.from('{}') },
  };
}

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'no code',
  );
