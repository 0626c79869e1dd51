import type { AccessRequestView, PasskeyView } from '@voxkeep/contract';
import { expect } from 'vitest';
import { fixedClock } from '../../core/clock.ts';
import { TestAuthenticator } from '../../keys/warrants/authenticator.testing.ts';
import { archivedCall } from '../archived-call.testing.ts';
import { type ServeScene, serveScene } from '../serve-scene.testing.ts';

type Headers = Record<string, string>;
export const clock = fixedClock(new Date());
export let scene: ServeScene;
export const headers = new Map<string, Headers>();
export const devices = new Map<string, TestAuthenticator>();
export let core: { id: string };
export let handled: { id: string };
export let basic: { id: string };

export const JSON_TYPE = { 'content-type': 'application/json' };
export const who = (name: string): Headers => headers.get(name) ?? {};

export async function post<T>(name: string, path: string, body: unknown = {}) {
  const answer = await scene.send(
    'POST',
    `/api/v1${path}`,
    { ...who(name), ...JSON_TYPE },
    JSON.stringify(body),
  );
  return { status: answer.status, body: JSON.parse(answer.text || '{}') as T & { code?: string } };
}
export async function get<T>(name: string, path: string) {
  const answer = await scene.send('GET', `/api/v1${path}`, who(name));
  return { status: answer.status, body: JSON.parse(answer.text) as T & { code?: string } };
}

/** Registers a passkey; it waits for its confirmations. */
export async function register(name: string): Promise<string> {
  const device = new TestAuthenticator();
  devices.set(name, device);
  const { body: options } = await post<{ challenge: string }>(name, '/access/passkeys/options');
  const registration = device.register(options.challenge);
  const made = await post<PasskeyView>(name, '/access/passkeys', { label: '钥匙', registration });
  expect(made.status).toBe(201);
  return made.body.id;
}
export async function founded(name: string): Promise<void> {
  const id = await register(name);
  for (const confirmer of ['admin', 'compliance']) {
    const password = 'correct horse battery';
    const done = await post(confirmer, `/access/passkeys/${id}/confirm`, { password });
    expect([confirmer, done.status]).toEqual([confirmer, 200]);
  }
}

/** Registers a passkey that two enrolled approvers confirm. */
export async function enrolled(name: string): Promise<string> {
  const id = await register(name);
  for (const confirmer of ['one', 'two']) {
    const path = `/access/passkeys/${id}`;
    const { body } = await get<{ canonical: string }>(confirmer, `${path}/challenge`);
    const assertion = devices.get(confirmer)?.sign(body.canonical);
    expect((await post(confirmer, `${path}/confirm`, { assertion })).status).toBe(200);
  }
  return id;
}

/** People of every role that has a part in access, three enrolled approvers, and calls of two tiers. */
export async function openAccessScene(): Promise<void> {
  scene = await serveScene({}, { deps: { clock } });
  setTime(new Date());
  const people = [
    ...[
      ['admin', 'admin'],
      ['compliance', 'compliance'],
      ['auditor', 'auditor'],
    ],
    ...[
      ['approver', 'one'],
      ['approver', 'two'],
      ['approver', 'three'],
      ['qa', 'qa'],
    ],
    ...[
      ['approver', 'leaver'],
      ['agent', 'agent'],
      ['regulator', 'regulator'],
      ['operator', 'operator'],
    ],
  ] as [Parameters<ServeScene['person']>[0], string][];
  for (const [role, name] of people) {
    headers.set(name, await scene.person(role, { name, agentId: `agent-${name}` }));
  }
  // A second account of the auditor's person, and an approver who takes calls under another account.
  headers.set('twin', await scene.person('approver', { name: 'twin', personId: 'auditor' }));
  const taker = { name: 'taker', personId: 'three', agentId: 'handler' };
  headers.set('taker', await scene.person('agent', taker));
  core = await archivedCall(scene, { durationS: 2, tier: 'core' });
  handled = await archivedCall(scene, { durationS: 2, tier: 'core', agentId: 'handler' });
  basic = await archivedCall(scene, { durationS: 2 });
  for (const name of ['one', 'two', 'three']) await founded(name);
}

/** Between two tests: today, nothing in the ledger, nothing granted to the auditor. */
export async function tidyAccessScene(): Promise<void> {
  setTime(new Date());
  const { body } = await get<{ grants: AccessRequestView[] }>('auditor', '/access/grants');
  for (const { id } of body.grants) await post('auditor', `/access/requests/${id}/withdraw`);
  scene.intake.entries.length = 0;
}

export function setTime(at: Date): void {
  clock.set(at);
  scene.intake.clock.set(at);
}
export const minutesOn = (minutes: number) =>
  setTime(new Date(clock.now().getTime() + minutes * 60_000));

export const asked = (more: Record<string, unknown> = {}) => ({
  ...{ recordIds: [core.id], fields: ['media', 'transcript'], minutes: 30 },
  purpose: { category: 'dispute', text: '客户投诉，需要核对原话' },
  ...more,
});
export async function ask(more: Record<string, unknown> = {}, name = 'auditor') {
  const made = await post<AccessRequestView>(name, '/access/requests', asked(more));
  expect([made.status, made.body.code]).toEqual([201, undefined]);
  return made.body;
}
export async function sign(name: string, id: string, verb = 'approve') {
  const { body } = await get<{ canonical: string }>(name, `/access/requests/${id}/challenge`);
  const device = devices.get(name) ?? new TestAuthenticator();
  const assertion = device.sign(body.canonical ?? '');
  return post<AccessRequestView>(name, `/access/requests/${id}/${verb}`, { assertion });
}
export const plays = async (name: string, id = core.id) =>
  (await get(name, `/records/${id}/transcript`)).status;
