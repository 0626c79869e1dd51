import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccount, issueSetupToken, redeemSetupToken, signIn } from '../access/index.ts';
import { testSeals } from '../access/seals.testing.ts';
import type { Audit, AuditEntry } from '../core/audit.ts';
import { systemClock as clock } from '../core/clock.ts';
import { systemRandom as random } from '../core/random.ts';
import { testDatabase } from '../platform/postgres/test-database.testing.ts';
import { lockAdministrators } from './lock-administrators.ts';

const password = 'correct horse battery';
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

it('gives way to a new administrator, locks the old one, and says so on the ledger', async () => {
  const { db } = database;
  const deps = { db, clock, random, seals: testSeals() };
  const entries: AuditEntry[] = [];
  const audit: Audit = {
    append: async (_tx, entry) => ({ outboxId: String(entries.push(entry)) }),
    settle: async (outboxId) => ({ index: Number(outboxId) }),
  };
  const admin = { username: 'old', displayName: 'O', role: 'admin', password } as const;
  const { id } = await createAccount(deps, admin);
  await createAccount(deps, { ...admin, username: 'qa', role: 'qa' });
  expect(await issueSetupToken(deps)).toBeUndefined();
  expect(await lockAdministrators({ ...deps, audit })).toBe(1);
  expect(entries).toMatchObject([
    { action: 'account.lock', resource: id, actor: { id: 'archive' }, detail: { by: 'recover' } },
  ]);
  await expect(signIn(deps, { username: 'old', password })).rejects.toMatchObject({
    code: 'ACCOUNT_LOCKED',
  });
  await signIn(deps, { username: 'qa', password });
  const token = (await issueSetupToken(deps)) ?? '';
  const made = await redeemSetupToken(deps, token, { ...admin, username: 'new' });
  expect(made.role).toBe('admin');
  expect(await issueSetupToken(deps)).toBeUndefined();
});
