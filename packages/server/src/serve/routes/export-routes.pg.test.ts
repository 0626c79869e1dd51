import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openInclusionFile } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LiveGrant, LiveMandate } from '../../record/grant.ts';
import {
  auditor,
  call,
  count,
  fetchBytes,
  GRANT,
  grantFor,
  hooks,
  live,
  MANDATE,
  openExportScene,
  outside,
  passes,
  regulator,
  scene,
  second,
} from './export-scene.testing.ts';
import { textOf, unzip } from './unzip.testing.ts';

beforeAll(openExportScene);
afterAll(() => scene.close());

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
  hooks.beforeOpen = () => {
    opened += 1;
    // The first record is on its way.
    if (opened === 3) live.mandates.length = 0;
  };
  await expect(mandateExport({})).rejects.toThrow();
  hooks.beforeOpen = () => undefined;
  live.mandates.push(mandate);
  expect((await mandateExport({})).status).toBe(200);
});

interface Index {
  under: unknown;
  ledger: { verifierKey: string };
  records: { id: string; ledgerEntries: number }[];
}

const mandateExport = (body: object) =>
  fetchBytes('POST', `/access/mandates/${MANDATE}/export`, regulator, JSON.stringify(body));
