import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../packages/server/src/core/clock.ts';
import { ownCertificate } from '../../../packages/server/src/platform/tls/own-certificate.ts';
import { Client } from '../access/client.ts';
import type { ArchiveClock } from '../access/clock.ts';
import { done, register, type Signer } from '../access/passkeys.ts';
import { People, type Person } from '../access/people.ts';
import type { TestArchive } from '../test-archive.ts';
import { signIn } from './ask.ts';

/** The people of the proof. */
export interface Staff {
  /** Enters what is asked for. */
  officer: Person;
  /** Another one, for what takes two. */
  second: Person;
  approvers: readonly [Signer, Signer];
  /** A key for calls; keys do not last for years. */
  issueKey(): Promise<string>;
}

/**
 * The archive's clock may be decades behind the real one, which those who ask it go by: its certificate is
 * made beforehand, in its place.
 */
export async function certify(archive: TestArchive): Promise<void> {
  const hostNames = ['localhost', '127.0.0.1', '::1'];
  mkdirSync(archive.data, { recursive: true });
  await ownCertificate({
    ...{ folder: join(archive.data, 'tls'), keyFolder: join(archive.keys, 'tls') },
    ...{ hostNames, clock: systemClock },
  });
}

/** Accounts of an empty archive, by the token that it printed. */
export async function hireStaff(archive: TestArchive, words: string): Promise<Staff> {
  const [, token] = /setup\?token=(\S+)/.exec(words) ?? [];
  const admin = { username: 'admin', password: `a-${crypto.randomUUID()}` };
  const nobody = new Client(archive);
  done(await nobody.post('/setup', { token, ...admin, displayName: 'admin', personId: 'P-0' }));
  nobody.close();
  const accounts = { accounts: [admin], apiKey: '' };
  writeFileSync(join(archive.data, 'demo-accounts.json'), JSON.stringify(accounts));
  const people = await People.of(archive);
  const officer = await people.make({ role: 'compliance' });
  const second = await people.make({ role: 'compliance' });
  const founders = [people.admin, officer.client] as const;
  const sign = async (): Promise<Signer> => {
    const person = await people.make({ role: 'approver' });
    const passkey = await register(person, archive.url);
    for (const [at, client] of founders.entries()) {
      const { password } = at === 0 ? admin : officer;
      done(await client.post(`/access/passkeys/${passkey.id}/confirm`, { password }));
    }
    return { person, passkey };
  };
  const approvers = [await sign(), await sign()] as const;
  const issueKey = async () => {
    await people.signInAdmin();
    const made = await people.admin.post('/api-keys', { name: 'prove', scopes: ['intake'] });
    return (done(made) as { key: string }).key;
  };
  return { officer, second, approvers, issueKey };
}

/** Noon of that day in Shanghai is what the archive's clock shows from now on. */
export async function goTo(clock: ArchiveClock, day: string, person: Person): Promise<void> {
  const byMs = Date.parse(`${day}T12:00:00+08:00`) - clock.now().getTime();
  if (byMs < 0) throw new Error(`the clock only goes ahead, not back to ${day}`);
  await clock.goAhead(byMs, person.client, () => signIn(person));
}
