import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { openInclusionFile } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Warrants } from '../../keys/index.ts';
import type { GrantField, LiveGrant, LiveMandate } from '../../record/grant.ts';
import type { Pass } from '../../record/vault.ts';
import { archivedCall, SCREENSHOT } from '../archived-call.testing.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

type Headers = Record<string, string>;
const HOUR_MS = 3_600_000;
const live: { grants: LiveGrant[]; mandates: LiveMandate[] } = { grants: [], mandates: [] };
const passes: Pass[] = [];
/** Called before each read that a viewer causes. */
let beforeOpen: () => void = () => undefined;
let scene: ServeScene;
let auditor: Headers;
let regulator: Headers;
let call: { id: string; media: Buffer; original: Buffer };
let second: { id: string; media: Buffer };
let outside: { id: string };
const started = new Date('2026-03-02T02:00:00.000Z');

beforeAll(async () => {
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
      beforeOpen();
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
});
afterAll(() => scene.close());

const MANDATE = '0198a1b2-0000-7000-8000-0000000000aa';
const GRANT = '0198a1b2-0000-7000-8000-0000000000bb';

it('an auditor with a grant gets a package that sha256sum finds whole and whose proofs hold', async () => {
  const answer = await fetchBytes('GET', `/records/${call.id}/export`, auditor);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="voxkeep-export-/);
  expect(answer.headers['x-voxkeep-record-count']).toBe('1');
  const files = unzip(answer.body);
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-export-'));
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const summed = spawnSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: folder });
  expect([summed.status, String(summed.stderr)]).toEqual([0, '']);
  const listed = textOf(files, 'SHA256SUMS').trim().split('\n');
  expect(listed).toHaveLength(files.size - 1);
  await rm(folder, { recursive: true });

  const at = `records/${call.id}`;
  expect(files.get(`${at}/media.wav`)?.equals(call.media)).toBe(true);
  expect(textOf(files, `${at}/transcript.vtt`)).toMatch(/^WEBVTT\n/);
  expect(textOf(files, `${at}/transcript.json`)).toContain('您好');
  const index = JSON.parse(textOf(files, 'index.json')) as Index;
  expect(index).toMatchObject({
    ...{ format: 'voxkeep/export/v1', under: { kind: 'grant', id: GRANT }, purpose: 'audit' },
    by: { role: 'auditor' },
    records: [{ id: call.id, folder: at, tier: 'core', durationMs: 2000 }],
  });
  const trail = textOf(files, `${at}/trail.jsonl`).trim().split('\n');
  expect(trail.length).toBe(index.records[0]?.ledgerEntries);
  expect(trail.join('\n')).toContain('"record.trail"');
  const proofs = [...files.keys()].filter((name) => name.endsWith('.tlog-proof'));
  expect(proofs).toHaveLength(trail.length);
  for (const name of proofs) {
    const { entry } = openInclusionFile(textOf(files, name), index.ledger.verifierKey);
    expect(trail).toContain(entry.toString());
  }
  for (const words of ['sha256sum -c SHA256SUMS', '离线核验', index.ledger.verifierKey]) {
    expect(textOf(files, 'README.txt')).toContain(words);
  }
});

it('no number, account or name of the customer, and no name of the agent, is anywhere in a package', async () => {
  const { body } = await fetchBytes('GET', `/records/${call.id}/export`, auditor);
  const files = unzip(body);
  for (const [name, bytes] of files) {
    if (name.endsWith('.wav')) continue;
    for (const secret of ['13800007315', 'KH-20931', '林晓', '王晓燕']) {
      expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false);
    }
  }
  const manifest = textOf(files, `records/${call.id}/manifest.json`);
  expect(JSON.parse(manifest)).toMatchObject({
    leftOut: expect.arrayContaining(['metadata.customer.phone', 'metadata.agent.name']),
    metadata: { agent: { id: '001' }, customer: {} },
  });
});

it('screenshots are in a package only where the grant covers them', async () => {
  const names = async () =>
    [...unzip((await fetchBytes('GET', `/records/${call.id}/export`, auditor)).body).keys()].filter(
      (name) => name.includes('screenshots/'),
    );
  expect(await names()).toEqual([]);
  const [before] = live.grants.splice(0, 1);
  live.grants.push(await grantFor(auditor, [call.id], ['export', 'attachments']));
  expect(await names()).toEqual([`records/${call.id}/screenshots/1.png`]);
  live.grants.splice(0, 1, before as LiveGrant);
});

it('a regulator exports what the mandate covers, all of it or what is named, oldest first', async () => {
  const all = await mandateExport({});
  expect([all.status, all.headers['x-voxkeep-record-count']]).toEqual([200, '2']);
  const index = JSON.parse(textOf(unzip(all.body), 'index.json')) as Index;
  expect(index.records.map(({ id }) => id)).toEqual([call.id, second.id]);
  expect(index.under).toEqual({ kind: 'mandate', id: MANDATE });
  expect(passes.at(-1)).toMatchObject({ by: 'mandate', id: MANDATE, role: 'regulator' });
  const one = await mandateExport({ recordIds: [second.id, second.id] });
  expect(one.headers['x-voxkeep-record-count']).toBe('1');
  const names = [...unzip(one.body).keys()].join('\n');
  expect(names).toContain(second.id);
  expect(names).not.toContain(call.id);
  // A mandate shows no picture of a screen.
  expect(names).not.toContain('screenshots');
});

it('one record that is not covered refuses the whole before its first byte, and is on the ledger', async () => {
  const noted = await count('record.export');
  const answer = await mandateExport({ recordIds: [second.id, outside.id] });
  expect([answer.status, answer.problem().code]).toEqual([403, 'FORBIDDEN']);
  expect(await count('record.export')).toEqual({ ...noted, refused: noted.refused + 1 });
});

it('a mandate of somebody else, or none, exports nothing; nor does a body that is wrong', async () => {
  const other = await fetchBytes('POST', `/access/mandates/${GRANT}/export`, regulator, '{}');
  expect([other.status, other.problem().code]).toEqual([403, 'FORBIDDEN']);
  const byGrant = await fetchBytes('POST', `/access/mandates/${MANDATE}/export`, auditor, '{}');
  expect([byGrant.status, byGrant.problem().code]).toEqual([403, 'FORBIDDEN']);
  const wrong = await mandateExport({ recordIds: ['x'] });
  expect([wrong.status, wrong.problem().field]).toEqual([400, 'body/recordIds/0']);
  const unknown = await mandateExport({ recordIds: ['0198a1b2-0000-7000-8000-000000000009'] });
  expect([unknown.status, unknown.problem().code]).toEqual([404, 'RECORD_UNKNOWN']);
  const [mandate] = live.mandates as [LiveMandate];
  const { scope } = mandate;
  mandate.scope = { from: '2020-01-01T00:00:00.000Z', before: '2020-02-01T00:00:00.000Z' };
  const empty = await mandateExport({});
  expect([empty.status, empty.problem().code]).toEqual([404, 'EXPORT_EMPTY']);
  mandate.scope = scope;
});

it('each record is on the ledger, under its grant or mandate, before its bytes leave', async () => {
  const noted = await count('record.export');
  await mandateExport({});
  expect(await count('record.export')).toEqual({ ...noted, ok: noted.ok + 2 });
  const { rows } = await scene.intake.database.pool.query<{ body: { detail: unknown } }>(
    "select convert_from(bytes, 'utf8')::jsonb as body from ledger_entry order by index desc limit 1",
  );
  expect(rows[0]?.body).toMatchObject({
    ...{ action: 'record.export', resource: second.id, purpose: { category: 'regulator' } },
    detail: { by: MANDATE },
  });
});

it('a mandate that ends while a package leaves breaks it off, and what came is no whole ZIP', async () => {
  const [mandate] = live.mandates as [LiveMandate];
  let opened = 0;
  beforeOpen = () => {
    opened += 1;
    // The first record is on its way.
    if (opened === 3) live.mandates.length = 0;
  };
  await expect(mandateExport({})).rejects.toThrow();
  beforeOpen = () => undefined;
  live.mandates.push(mandate);
  expect((await mandateExport({})).status).toBe(200);
});

it('a download is the masked media as a file whose name says no more than the day', async () => {
  const answer = await fetchBytes('GET', `/records/${call.id}/download`, auditor);
  expect(answer.status).toBe(200);
  expect(answer.body.equals(call.media)).toBe(true);
  const tail = `20260302-${call.id.slice(-12)}.wav`;
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="call-${tail}"; filename*=UTF-8''%E9%80%9A%E8%AF%9D-${tail}`,
  );
  const refused = await fetchBytes('GET', `/records/${call.id}/download`, regulator);
  expect([refused.status, refused.problem().code]).toEqual([403, 'FORBIDDEN']);
});

it('the original leaves in stretches, on its own ticket, marked with whose answer it is', async () => {
  const ask = (stream: string) =>
    fetchBytes('POST', `/records/${call.id}/ticket`, auditor, JSON.stringify({ stream }));
  const { ticket } = JSON.parse((await ask('original')).body.toString()) as { ticket: string };
  const ranged = { ...auditor, range: 'bytes=50-99' };
  const path = `/records/${call.id}/original?ticket=${ticket}`;
  const part = await fetchBytes('GET', path, ranged);
  expect([part.status, part.headers['content-type']]).toEqual([206, 'audio/wav']);
  expect(part.body.equals(call.original.subarray(50, 100))).toBe(true);
  expect(part.headers['x-voxkeep-watermark']).toMatch(/^auditor; 20\d\d-.+Z; [0-9a-f-]{36}$/);
  const noTicket = await fetchBytes('GET', `/records/${call.id}/original`, auditor);
  expect([noTicket.status, noTicket.problem().code]).toEqual([401, 'TICKET_REQUIRED']);
  // The grant opens the original and not the masked stream: core content is beyond the role.
  expect((await ask('media')).status).toBe(403);
  expect((await count('record.original')).ok).toBe(1);
});

it('a screenshot opens with a grant for attachments, by its number, and is linked from the record', async () => {
  const shot = (n: string) => fetchBytes('GET', `/records/${call.id}/screenshots/${n}`, auditor);
  expect((await shot('0')).status).toBe(403);
  live.grants.push(await grantFor(auditor, [call.id], ['attachments']));
  const answer = await shot('0');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
  expect(answer.body.equals(SCREENSHOT)).toBe(true);
  for (const n of ['1', '-1', 'x', '0x0', '1e0']) {
    expect([(await shot(n)).status, n]).toEqual([404, n]);
  }
  const view = await fetchBytes('GET', `/records/${call.id}`, auditor);
  const { screenshots } = JSON.parse(view.body.toString()) as { screenshots: unknown };
  expect(screenshots).toEqual([
    { url: `/api/v1/records/${call.id}/screenshots/0`, mediaType: 'image/png' },
  ]);
  live.grants.pop();
});

interface Index {
  under: unknown;
  ledger: { verifierKey: string };
  records: { id: string; ledgerEntries: number }[];
}

const mandateExport = (body: object) =>
  fetchBytes('POST', `/access/mandates/${MANDATE}/export`, regulator, JSON.stringify(body));

async function idOf(headers: Headers): Promise<string> {
  const { text } = await scene.send('GET', '/api/v1/session', headers);
  return (JSON.parse(text) as { actor: { id: string } }).actor.id;
}

async function grantFor(headers: Headers, ids: string[], fields: GrantField[]): Promise<LiveGrant> {
  const startedAt = started.toISOString();
  return {
    ...{ id: GRANT, kind: 'records', holderId: await idOf(headers), holderRole: 'auditor' },
    ...{ since: new Date(0), until: new Date(Date.now() + HOUR_MS), category: 'audit', fields },
    records: ids.map((id) => ({ id, tier: 'core', startedAt })),
  };
}

/** Waits until all entries have their numbers and a durable checkpoint. */
async function settled(): Promise<void> {
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

async function count(action: string): Promise<{ ok: number; refused: number }> {
  await settled();
  const { rows } = await scene.intake.database.pool.query<{ outcome: string }>(
    `select convert_from(bytes, 'utf8')::jsonb ->> 'outcome' as outcome from ledger_entry
      where action = $1`,
    [action],
  );
  const of = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  return { ok: of('ok'), refused: of('refused') };
}

async function fetchBytes(method: string, path: string, headers: Headers, body?: string) {
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

const textOf = (files: Map<string, Buffer>, name: string) => String(files.get(name));

/** A reader of ZIP by its central directory (APPNOTE 4.3), which no line of the writer helps. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end === -1) throw new Error('no end of a central directory');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry += 1) {
    const [method, packed, plain] = [10, 20, 24].map((offset) =>
      offset === 10 ? zip.readUInt16LE(at + 10) : zip.readUInt32LE(at + offset),
    ) as [number, number, number];
    const nameBytes = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(data, data + packed);
    const file = method === 8 ? inflateRawSync(bytes) : bytes;
    expect(file.length).toBe(plain);
    expect(files.has(name)).toBe(false);
    files.set(name, file);
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
