import { request } from 'node:https';
import type { Warrants } from '../../keys/index.ts';
import type { GrantField, LiveGrant, LiveMandate } from '../../record/grant.ts';
import type { Pass } from '../../record/vault.ts';
import { archivedCall } from '../archived-call.testing.ts';
import { type problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

type Headers = Record<string, string>;
export const HOUR_MS = 3_600_000;
export const live: { grants: LiveGrant[]; mandates: LiveMandate[] } = { grants: [], mandates: [] };
export const passes: Pass[] = [];
/** Called before each read that a viewer causes. */
export const hooks = { beforeOpen: (): void => undefined };
export let scene: ServeScene;
export let auditor: Headers;
export let regulator: Headers;
export let call: { id: string; media: Buffer; original: Buffer };
export let second: { id: string; media: Buffer };
export let outside: { id: string };
export const started = new Date('2026-03-02T02:00:00.000Z');

/** Two calls, one under a grant and both under a mandate, and a third that nobody may take along. */
export async function openExportScene(): Promise<void> {
  // Signatures and keys have tests of their own: here what is in force is said by the test.
  const warrants = {
    liveFor: async (account: string) => ({
      grants: live.grants.filter(({ holderId }) => holderId === account),
      mandates: live.mandates.filter(({ holderId }) => holderId === account),
    }),
  } as unknown as Warrants;
  const vault: ServeScene['intake']['vault'] = {
    openFor: (object: never, pass: Pass) => {
      passes.push(pass);
      hooks.beforeOpen();
      return scene.intake.vault.open(object);
    },
  } as never;
  scene = await serveScene({}, { ledger: true, deps: { warrants, vault } });
  auditor = await scene.person('auditor');
  regulator = await scene.person('regulator');
  call = await archivedCall(scene, { durationS: 2, tier: 'core', startedAt: started });
  second = await archivedCall(scene, { durationS: 1, startedAt: new Date(+started + HOUR_MS) });
  outside = await archivedCall(scene, { durationS: 1, startedAt: new Date('2026-05-02') });
  live.grants.push(await grantFor(auditor, [call.id], ['export', 'download', 'original']));
  live.mandates.push({
    ...{ id: MANDATE, holderId: await idOf(regulator), holderRole: 'regulator' },
    ...{ since: new Date(0), until: new Date(Date.now() + HOUR_MS), category: 'regulator' },
    scope: { from: '2026-03-01T00:00:00.000Z', before: '2026-04-01T00:00:00.000Z' },
  });
  // So that there are entries with a checkpoint over them.
  await scene.send('GET', `/api/v1/records/${call.id}/trail`, auditor);
  await settled();
}

export const MANDATE = '0198a1b2-0000-7000-8000-0000000000aa';
export const GRANT = '0198a1b2-0000-7000-8000-0000000000bb';

export async function idOf(headers: Headers): Promise<string> {
  const { text } = await scene.send('GET', '/api/v1/session', headers);
  return (JSON.parse(text) as { actor: { id: string } }).actor.id;
}

export async function grantFor(
  headers: Headers,
  ids: string[],
  fields: GrantField[],
): Promise<LiveGrant> {
  const startedAt = started.toISOString();
  return {
    ...{ id: GRANT, kind: 'records', holderId: await idOf(headers), holderRole: 'auditor' },
    ...{ since: new Date(0), until: new Date(Date.now() + HOUR_MS), category: 'audit', fields },
    records: ids.map((id) => ({ id, tier: 'core', startedAt })),
  };
}

/** Waits until all entries have their numbers and a durable checkpoint. */
export async function settled(): Promise<void> {
  const { pool } = scene.intake.database;
  for (let waited = 0; waited < 10_000; waited += 50) {
    const { rows } = await pool.query<{ settled: boolean }>(
      `select durable_size = (select count(*) from ledger_entry)
        and not exists (select 1 from ledger_outbox) as settled from ledger_state`,
    );
    if (rows[0]?.settled === true) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the ledger has not settled');
}

export async function count(action: string): Promise<{ ok: number; refused: number }> {
  await settled();
  const { rows } = await scene.intake.database.pool.query<{ outcome: string }>(
    `select convert_from(bytes, 'utf8')::jsonb ->> 'outcome' as outcome from ledger_entry
      where action = $1`,
    [action],
  );
  const of = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  return { ok: of('ok'), refused: of('refused') };
}

export async function fetchBytes(method: string, path: string, headers: Headers, body?: string) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise<{
    status: number;
    headers: Record<string, string | string[] | undefined>;
    body: Buffer;
    problem: () => ReturnType<typeof problemIn>;
  }>((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port: scene.port, method, path: `/api/v1${path}` },
        ...{ headers: { ...headers, ...type }, rejectUnauthorized: false, agent: false },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(parts);
          resolve({
            ...{ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes },
            problem: () => JSON.parse(bytes.toString()) as ReturnType<typeof problemIn>,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
