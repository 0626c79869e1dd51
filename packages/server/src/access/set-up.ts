import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { Random } from '../core/random.ts';
import { accessError } from './access-error.ts';
import { type Account, createAccount, type NewAccount } from './accounts.ts';
import { issueApiKey } from './api-keys.ts';
import type { Role } from './policy-table.ts';
import type { Seals } from './seals.ts';
import { allStaff, type StaffDeps } from './staff-row.ts';
import { together } from './together.ts';

interface Deps {
  db: Db;
  clock: Clock;
  random: Random;
  seals: Seals;
}
const TOKEN_MS = 24 * 3_600_000;

/**
 * A token that makes the first administrator, once, within a day; earlier ones end. To be printed
 * to whoever starts the archive; kept as a keyed digest. Undefined when there is an administrator who is
 * not locked.
 */
export async function issueSetupToken(deps: Deps): Promise<string | undefined> {
  const { seals } = deps;
  return together(deps.db, async (tx) => {
    if (await hasAdministrator({ db: tx, seals })) return undefined;
    const token = deps.random.bytes(24).toString('base64url');
    await tx.deleteFrom('setup_token').where('used_at', 'is', null).execute();
    const row = {
      ...{ token_digest: seals.digest('setup-token', token) },
      ...{ created_at: deps.clock.now(), used_at: null },
    };
    const sealed = { ...row, seal: seals.seal('setup_token', row) };
    await tx.insertInto('setup_token').values(sealed).execute();
    return token;
  });
}

/**
 * Makes the administrator the token is for; a refused name or password does not use it up. Rejects
 * with SETUP_TOKEN_INVALID for a wrong, used or old token and when there is an administrator, and
 * as createAccount does.
 */
export async function redeemSetupToken(
  deps: Pick<Deps, 'db' | 'clock' | 'seals'>,
  token: string,
  person: Pick<NewAccount, 'username' | 'password' | 'displayName' | 'personId'>,
): Promise<Account> {
  const { clock, seals } = deps;
  const now = clock.now();
  return together(deps.db, async (db) => {
    const digest = seals.digest('setup-token', token);
    const found = await db
      .selectFrom('setup_token')
      .selectAll()
      .where('token_digest', '=', digest)
      .where('used_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    const good =
      found !== undefined &&
      seals.authentic('setup_token', found) &&
      found.created_at.getTime() > now.getTime() - TOKEN_MS;
    if (!good || (await hasAdministrator({ db, seals }))) {
      throw accessError('SETUP_TOKEN_INVALID', 'the token is wrong, old or was used', 'token');
    }
    const used = { ...found, used_at: now };
    await db
      .updateTable('setup_token')
      .set({ used_at: now, seal: seals.seal('setup_token', used) })
      .where('token_digest', '=', digest)
      .execute();
    return createAccount({ db, clock, seals }, { ...person, role: 'admin' });
  });
}

async function hasAdministrator(deps: StaffDeps): Promise<boolean> {
  return (await allStaff(deps)).some(({ role, locked_at }) => role === 'admin' && !locked_at);
}

/** Who works in the demonstration archive. */
const DEMO: readonly Omit<NewAccount, 'password' | 'personId'>[] = [
  { username: 'agent001', displayName: '客服 001', role: 'agent', agentId: '001', teamId: '一组' },
  { username: 'agent002', displayName: '客服 002', role: 'agent', agentId: '002', teamId: '一组' },
  { username: 'lead', displayName: '一组班组长', role: 'team_lead', teamId: '一组' },
  { username: 'qa', displayName: '质检员', role: 'qa' },
  { username: 'crisis', displayName: '危机处理专员', role: 'crisis', teamId: '危机处理组' },
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
  { username: 'compliance2', displayName: '合规专员', role: 'compliance' },
];

export interface DemoAccount {
  username: string;
  password: string;
  role: Role;
  displayName: string;
  agentId?: string;
  teamId?: string;
}

/** One account a role, two agents, approvers and officers, and a service key, with random passwords. */
export async function makeDemoAccounts(
  deps: Deps,
): Promise<{ accounts: DemoAccount[]; apiKey: string }> {
  const accounts: DemoAccount[] = [];
  for (const [at, person] of DEMO.entries()) {
    const password = deps.random.bytes(15).toString('base64url');
    // Everybody is somebody else.
    const personId = `D${String(at + 1).padStart(4, '0')}`;
    await createAccount(deps, { ...person, password, personId });
    accounts.push({ ...person, password });
  }
  const issued = await issueApiKey(deps, {
    ...{ name: 'demo intake', createdBy: 'archive', expiresInDays: 365 },
  });
  return { accounts, apiKey: issued.key };
}
