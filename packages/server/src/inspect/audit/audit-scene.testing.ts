import { AUDIT_CHECKS, type AuditCheckId } from '@voxkeep/contract';
import type { AuditEntry } from '../../core/audit.ts';
import { type Clock, fixedClock } from '../../core/clock.ts';
import { systemRandom } from '../../core/random.ts';
import { entryBody } from '../../ledger/entry.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { check } from './check.ts';
import type { AuditDeps, AuditLimits, AuditSources, Check, Checks } from './ports.ts';

export const LIMITS: AuditLimits = {
  ...{ sample: 10, verifiedDays: 15, overdueDays: 14, pendingDays: 7, quarantineDays: 30 },
  ...{ unusedDays: 90, drillDays: 35, reviewDays: 3, witnessHours: 24 },
  ...{ snapshotHours: 49, checkMinutes: 1 },
};
const START = '2026-11-28T01:00:00Z';
const nothing = { zh: '无', en: 'nothing' };

/** A check that finds so much and no more. */
export const plain = (
  run: Check['run'] = async () => ({ looked: 1, findings: [] }),
): Check<'A_HIGH' | 'A_LOW'> => {
  const words = { wrong: nothing, fix: nothing };
  const severities = {
    A_HIGH: { severity: 'high', ...words },
    A_LOW: { severity: 'low', ...words },
  };
  return check({
    ...{ title: nothing, retest: nothing, codes: severities as Check<'A_HIGH' | 'A_LOW'>['codes'] },
    run: run as Check<'A_HIGH' | 'A_LOW'>['run'],
  });
};

export interface AuditScene {
  deps: AuditDeps;
  clock: Clock & { set(at: Date | string): void };
  entries: AuditEntry[];
  queued: string[];
  /** Reports by key. */
  reports: Map<string, Buffer>;
  told: string[];
  /** All checks, those given instead of ones that find nothing. */
  checks(given: Partial<Record<AuditCheckId, Check>>): void;
  database: Awaited<ReturnType<typeof testDatabase>>;
  /** As if nothing had been audited yet. */
  reset(): Promise<void>;
}

/** The audit room over a real catalog; ledger, sites and queue lie in memory. */
export async function auditScene(): Promise<AuditScene> {
  const database = await testDatabase();
  const { db } = database;
  const clock = fixedClock(START);
  const entries: AuditEntry[] = [];
  const queued: string[] = [];
  const told: string[] = [];
  const reports = new Map<string, Buffer>();
  const some = (given: Partial<Record<AuditCheckId, Check>>): Checks => ({
    ...(Object.fromEntries(AUDIT_CHECKS.map((id) => [id, plain()])) as Record<AuditCheckId, Check>),
    ...given,
  });
  const never = async () => {
    throw new TypeError('not in this scene');
  };
  const sources: AuditSources = {
    ...{ db, clock, timeZone: 'Asia/Shanghai', limits: LIMITS, sites: [], roles: ['qa'] },
    archiveId: '0198a1b2-0000-7000-8000-000000000001',
    vault: { open: never, verify: never },
    keysOf: (id) => ({ object: `objects/${id}.vko`, envelope: `envelopes/${id}.vke` }),
    envelopeBytes: 133,
    loggedManifest: async () => undefined,
    wanted: () => ({ copies: [] }),
    retention: { termOf: never, reviews: async () => [] },
    isHeld: async () => false,
    originalNeeded: async () => undefined,
    residue: () => [],
    accounts: async () => [],
    forgedRows: async () => [],
    warrants: { signerOf: never, unreviewed: async () => [], inForce: async () => [] },
    keys: {
      epochs: async () => [],
      currentEpoch: () => '2026',
      view: async () => ({ due: [] }),
      place: async () => ({ inside: false, sharesDeviceWith: [], readable: [] }),
    },
    log: () => ({ origin: 'x', verifierKey: 'x' }),
    witnesses: () => ({ vkeys: [], quorum: 0, witnessedAt: undefined }),
    disks: async () => [],
  };
  const deps: AuditDeps = {
    ...{ db, clock, sources, random: systemRandom, checks: some({}) },
    audit: {
      append: async (_tx, entry) => {
        const { actor, ...rest } = entry;
        entryBody({ actorId: actor.id, actorRole: actor.role, ...rest }, new Date());
        entries.push(entry);
        return { outboxId: String(entries.length) };
      },
      settle: async (outboxId) => ({ index: Number(outboxId) }),
    },
    notices: {
      tell: async (_tx, telling) => {
        told.push(telling.kind);
        return { told: 1 };
      },
    },
    queue: { work: async (_tx, runId) => void queued.push(runId) },
    reports: {
      async put(runId, bytes) {
        reports.set(runId, bytes);
        return { key: runId, sha256: 'a'.repeat(64), sites: ['hq'] };
      },
      get: async (key) => reports.get(key) ?? Buffer.alloc(0),
    },
    texts: { seal: (_id, plainText) => plainText, open: (_id, sealed) => sealed },
    commitmentKey: Buffer.alloc(32, 7),
  };
  return {
    ...{ deps, clock, entries, queued, reports, told, database },
    checks(given) {
      deps.checks = some(given);
    },
    async reset() {
      for (const table of ['audit_run', 'audit_check', 'audit_finding', 'ledger_entry'] as const) {
        await db.deleteFrom(table).execute();
      }
      for (const list of [entries, queued, told]) list.length = 0;
      deps.checks = some({});
      sources.limits = LIMITS;
      clock.set(START);
    },
  };
}
