import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Viewer } from '../access/index.ts';
import { sqlCondition } from '../access/index.ts';
import { newUuidV7 } from '../core/ids.ts';
import { type CallRow, indexRecords } from '../index/index.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { createOperations } from './operations.ts';

const NOW = new Date('2025-08-20T04:00:00Z');
const ZONE = 'Asia/Shanghai';
const key = Buffer.alloc(32, 7);
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
  const calls = [callOf('001', '一组', 'basic'), callOf('002', '一组', 'basic')];
  const rows = [...calls, callOf('003', '应急组', 'core')];
  const keys = { epoch: 1, phone: key, text: key, account: key };
  await database.db.transaction().execute((tx) => indexRecords(tx, rows, keys));
});
afterAll(() => database.close());

function callOf(agentId: string, teamId: string, tier: CallRow['tier']): CallRow {
  return {
    ...{
      id: newUuidV7({ now: () => NOW }),
      startedAt: NOW,
      durationMs: 1000,
      tier,
      agentId,
      teamId,
    },
    ...{ issueType: '业务咨询', legAgentIds: [], channel: 'voice', direction: 'inbound' },
    ...{ ticketIds: [], findingCount: 0, texts: [], fields: Buffer.alloc(0) },
  };
}

it.each<[Partial<Viewer> & Pick<Viewer, 'role'>, string[], string[]]>([
  [{ role: 'agent', agentId: '001' }, ['001'], ['一组']],
  [{ role: 'team_lead', teamId: '一组' }, ['001', '002'], ['一组']],
  [{ role: 'trainer' }, ['001', '002'], ['一组']],
  [{ role: 'qa' }, ['001', '002', '003'], ['一组', '应急组']],
  [{ role: 'operator' }, [], []],
])('%j is told of agents and teams of calls that may be found only', async (who, agents, teams) => {
  const viewer = { actorId: 'a', username: 'a', displayName: 'a', ...who };
  const rules = { issueTypes: [], segments: [], industries: [] };
  const deps = { db: database.db, rules: () => rules } as unknown;
  const operations = createOperations(deps as Parameters<typeof createOperations>[0]);
  const found = await operations.vocabulary(sqlCondition(viewer, 'search', NOW, ZONE));
  expect(found.agents.map(({ id }) => id)).toEqual(agents);
  expect([...found.teams].sort()).toEqual([...teams].sort());
});
