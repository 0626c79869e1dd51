import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { Random } from '../core/random.ts';
import { accessError } from './access-error.ts';
import { type Account, createAccount, type NewAccount } from './accounts.ts';
import { issueApiKey } from './api-keys.ts';
import type { Role } from './policy-table.ts';
import { together } from './together.ts';

interface Deps {
  db: Db;
  clock: Clock;
  random: Random;
}
const TOKEN_MS = 24 * 3_600_000;
const digestOf = (token: string) => createHash('sha256').update(token).digest();

/**
 * A token that makes the first administrator, once, within a day; earlier ones end. To be printed
 * to whoever starts the archive; kept as a digest. Undefined when there is an administrator who is
 * not locked.
 */
export async function issueSetupToken(deps: Deps): Promise<string | undefined> {
  return together(deps.db, async (tx) => {
    if (await hasAdministrator(tx)) return undefined;
    const token = deps.random.bytes(24).toString('base64url');
    await tx.deleteFrom('setup_token').where('used_at', 'is', null).execute();
    await tx
      .insertInto('setup_token')
      .values({ token_sha256: digestOf(token), created_at: deps.clock.now(), used_at: null })
      .execute();
    return token;
  });
}

/**
 * Makes the administrator the token is for; a refused name or password does not use it up. Rejects
 * with SETUP_TOKEN_INVALID for a wrong, used or old token and when there is an administrator, and
 * as createAccount does.
 */
export async function redeemSetupToken(
  deps: Pick<Deps, 'db' | 'clock'>,
  token: string,
  person: Pick<NewAccount, 'username' | 'password' | 'displayName'>,
): Promise<Account> {
  const invalid = () =>
    accessError('SETUP_TOKEN_INVALID', 'the token is wrong, old or was used', 'token');
  const now = deps.clock.now();
  return together(deps.db, async (tx) => {
    const used = await tx
      .updateTable('setup_token')
      .set({ used_at: now })
      .where('token_sha256', '=', digestOf(token))
      .where('used_at', 'is', null)
      .where('created_at', '>', new Date(now.getTime() - TOKEN_MS))
      .executeTakeFirst();
    if (used.numUpdatedRows === 0n || (await hasAdministrator(tx))) throw invalid();
    return createAccount({ db: tx, clock: deps.clock }, { ...person, role: 'admin' });
  });
}

async function hasAdministrator(db: Db): Promise<boolean> {
  const admin = await db
    .selectFrom('staff')
    .select('actor_id')
    .where('role', '=', 'admin')
    .where('locked_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return admin !== undefined;
}

/** Who works in the demonstration archive. */
const DEMO: readonly Omit<NewAccount, 'password'>[] = [
  { username: 'agent001', displayName: '客服 001', role: 'agent', agentId: '001', teamId: '一组' },
  { username: 'agent002', displayName: '客服 002', role: 'agent', agentId: '002', teamId: '一组' },
  { username: 'lead', displayName: '一组班组长', role: 'team_lead', teamId: '一组' },
  { username: 'qa', displayName: '质检员', role: 'qa' },
  { username: 'crisis', displayName: '危机处理专员', role: 'crisis' },
  { username: 'reviewer', displayName: '脱敏复核员', role: 'reviewer' },
  { username: 'compliance', displayName: '合规经理', role: 'compliance' },
  { username: 'auditor', displayName: '合规审计员', role: 'auditor' },
  { username: 'approver1', displayName: '审批人甲', role: 'approver' },
  { username: 'approver2', displayName: '审批人乙', role: 'approver' },
  { username: 'regulator', displayName: '监管人员', role: 'regulator' },
  { username: 'trainer', displayName: '培训师', role: 'trainer' },
  { username: 'analyst', displayName: '数据分析员', role: 'analyst' },
  { username: 'operator', displayName: '运维工程师', role: 'operator' },
  { username: 'admin', displayName: '系统管理员', role: 'admin' },
];

export interface DemoAccount {
  username: string;
  password: string;
  role: Role;
  displayName: string;
  agentId?: string;
  teamId?: string;
}

/** One account a role, two agents, two approvers and a service key, with random passwords. */
export async function makeDemoAccounts(
  deps: Deps,
): Promise<{ accounts: DemoAccount[]; apiKey: string }> {
  const accounts: DemoAccount[] = [];
  for (const person of DEMO) {
    const password = deps.random.bytes(15).toString('base64url');
    await createAccount(deps, { ...person, password });
    accounts.push({ ...person, password });
  }
  const issued = await issueApiKey(deps, {
    ...{ name: 'demo intake', createdBy: 'archive', expiresInDays: 365 },
  });
  return { accounts, apiKey: issued.key };
}
