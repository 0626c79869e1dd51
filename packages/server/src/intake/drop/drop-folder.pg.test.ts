import { appendFile, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readSubmission } from '../submission.ts';
import { type DropScene, dropScene, sidecarOf } from './drop-scene.testing.ts';

let scene: DropScene;
beforeAll(async () => {
  scene = await dropScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.empty());

const only = async () => {
  const [record, ...more] = await scene.records();
  if (record === undefined || more.length > 0) throw new Error('one record is expected');
  return record;
};

it('takes a call with its transcript and screenshots, and unlinks it only once it is archived', async () => {
  await scene.putCall('a', { media: 'sound' });
  await scene.put('a.transcript.json', '{"turns":[]}');
  await scene.put('a.1.png', 'picture');
  await scene.takeAll();
  const { id } = await only();
  expect(scene.enqueued).toContain(id);
  for (const state of ['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed']) {
    await scene.setState(id, state);
    await scene.drop.look();
    expect(['a.wav', 'a.json', 'a.transcript.json', 'a.1.png'].every(scene.has)).toBe(true);
    expect(await scene.papers('done')).toEqual([]);
  }
  await scene.setState(id, 'archived');
  await scene.drop.look();
  expect((await readdir(scene.path(''))).sort()).toEqual(['.gone', '.taken', 'done']);
  expect(await readdir(scene.path('.gone'))).toEqual([]);
  expect(await readdir(scene.path('.taken'))).toEqual([]);
  expect(await scene.papers('done')).toMatchObject([
    { file: `${id}.json`, recordId: id, sourceSystem: 'pbx', sourceCallId: 'a', state: 'archived' },
  ]);
  const objects = await scene.objects(id);
  const held = objects.map(({ purpose, mediaType }) => `${purpose} ${mediaType}`).sort();
  expect(held).toEqual([
    'original audio/wav',
    'screenshot image/png',
    'submission application/json',
  ]);
});

it('walks folders but never its own receipts or dot-folders', async () => {
  await scene.putCall('north/2026/b');
  for (const folder of ['done', 'refused', '.hidden']) await scene.putCall(`${folder}/c`);
  await scene.takeAll();
  expect(await scene.records()).toHaveLength(1);
  await scene.setState((await only()).id, 'archived');
  await scene.drop.look();
  expect(scene.has('north/2026/b.wav')).toBe(false);
  expect(scene.has('done/c.wav')).toBe(true);
});

it('leaves what is half-written until it is complete', async () => {
  await scene.put('a.wav', 'first half');
  await scene.put('b.wav.part', 'x');
  await scene.put('b.json', JSON.stringify(sidecarOf('b')));
  await scene.put('.c.wav', 'x');
  await scene.put('c.json', JSON.stringify(sidecarOf('c')));
  await scene.put('d.wav', '');
  await scene.put('d.json', JSON.stringify(sidecarOf('d')));
  await scene.takeAll();
  expect(await scene.records()).toEqual([]);
  await scene.put('a.json', JSON.stringify(sidecarOf('a')));
  for (let step = 0; step < 4; step += 1) {
    await scene.drop.look();
    scene.passMs(2000);
    await appendFile(scene.path('a.wav'), ' and more');
  }
  await scene.drop.look();
  await scene.drop.idle();
  expect(await scene.records()).toEqual([]);
  await scene.takeAll();
  const [original] = (await scene.objects((await only()).id)).filter(
    (o) => o.purpose === 'original',
  );
  if (original === undefined) throw new Error('no original');
  expect((await scene.read(original)).toString()).toBe(`first half${' and more'.repeat(4)}`);
});

it('takes a file whose times were set back as changed all the same', async () => {
  await scene.putCall('a', { media: '12345' });
  const when = new Date('2026-01-01T00:00:00Z');
  await utimes(scene.path('a.wav'), when, when);
  await scene.drop.look();
  scene.passMs(2000);
  await writeFile(scene.path('a.wav'), '54321');
  await utimes(scene.path('a.wav'), when, when);
  scene.passMs(2000);
  await scene.drop.look();
  await scene.drop.idle();
  expect(await scene.records()).toEqual([]);
});

it('reports once a file that waits long for its sidecar, counts it, and never removes it', async () => {
  await scene.put('13800138461.wav', 'sound');
  await scene.put('q-1.wav', 'sound');
  await scene.takeAll();
  expect(scene.events).toEqual([]);
  scene.passMs(60_000);
  for (let look = 0; look < 3; look += 1) await scene.drop.look();
  expect(scene.events).toEqual([
    { kind: 'waiting', name: 'name withheld', missing: 'metadata' },
    { kind: 'waiting', name: 'q-1.wav', missing: 'metadata' },
  ]);
  expect(scene.drop.counts.waiting).toBe(2);
  expect(scene.has('q-1.wav')).toBe(true);
});

it('a crash between intake and unlink doubles nothing: sent again, the same record, then unlinked', async () => {
  await scene.putCall('a');
  await scene.takeAll();
  const { id } = await only();
  scene.restart();
  await scene.setState(id, 'archived');
  await scene.takeAll();
  await scene.drop.look();
  expect((await only()).id).toBe(id);
  expect(scene.has('a.wav') || scene.has('a.json')).toBe(false);
  expect(await scene.papers('done')).toHaveLength(1);
});

it('a ledger that fails after the commit costs no object: the record keeps all it needs', async () => {
  await scene.putCall('a');
  scene.faults.settle = true;
  await scene.takeAll();
  expect(scene.events).toMatchObject([{ kind: 'failed', code: 'LEDGER_UNAVAILABLE' }]);
  const { id } = await only();
  const objects = await scene.objects(id);
  expect(objects).toHaveLength(2);
  for (const object of objects) expect((await scene.read(object)).length).toBeGreaterThan(0);
  scene.faults.settle = false;
  scene.passMs(10_000);
  await scene.takeAll();
  await scene.setState(id, 'archived');
  await scene.drop.look();
  expect((await only()).id).toBe(id);
  expect(scene.has('a.wav')).toBe(false);
});

it.each(['a.wav', 'a.json'])(
  '%s changed after intake is reported and not unlinked',
  async (name) => {
    await scene.putCall('a');
    await scene.takeAll();
    const { id } = await only();
    const changed =
      name === 'a.wav' ? 'other sound' : JSON.stringify(sidecarOf('a', { team: '二组' }));
    await writeFile(scene.path(name), changed);
    await scene.setState(id, 'archived');
    await scene.drop.look();
    expect(scene.has('a.wav') && scene.has('a.json')).toBe(true);
    expect(scene.events).toContainEqual({ kind: 'left', code: 'DROP_CHANGED', name: 'a' });
    // What it became is not lost either: it is sealed, with the reason.
    await scene.takeAll();
    await scene.drop.look();
    const [, refused] = await scene.records();
    const code = name === 'a.wav' ? 'SOURCE_CALL_CONFLICT' : 'SOURCE_CALL_DETAILS_DIFFER';
    expect(refused).toMatchObject({ state: 'quarantined', reason_code: code });
    expect(scene.has('a.wav')).toBe(false);
    const kept = await Promise.all((await scene.objects(refused?.id ?? '')).map(scene.read));
    expect(kept.map(String)).toContain(changed);
  },
);

it('a file replaced by another with the same name, size and time is not unlinked', async () => {
  await scene.putCall('a', { media: '12345' });
  const when = new Date('2026-01-01T00:00:00Z');
  await utimes(scene.path('a.wav'), when, when);
  await scene.takeAll();
  await scene.put('.new', '54321');
  await utimes(scene.path('.new'), when, when);
  await rename(scene.path('.new'), scene.path('a.wav'));
  await scene.setState((await only()).id, 'archived');
  await scene.drop.look();
  expect(scene.has('a.wav')).toBe(true);
});

it('follows no link, neither to a file nor to a folder, and says so', async () => {
  const outside = join(scene.folder, 'outside');
  await rm(outside, { recursive: true, force: true });
  await scene.put('../outside/s.wav', 'secret');
  await scene.put('../outside/s.json', JSON.stringify(sidecarOf('s')));
  await symlink(join(outside, 's.wav'), scene.path('a.wav'));
  await scene.put('a.json', JSON.stringify(sidecarOf('a')));
  await symlink(outside, scene.path('folder'));
  await scene.takeAll();
  expect(await scene.records()).toEqual([]);
  expect(scene.events.filter(({ kind }) => kind === 'left')).toEqual([
    { kind: 'left', code: 'DROP_NOT_A_FILE', name: 'a.wav' },
    { kind: 'left', code: 'DROP_NOT_A_FILE', name: 'folder' },
  ]);
});

it('a call that is quarantined on its way is unlinked, and refused/ says why', async () => {
  await scene.putCall('q-7');
  await scene.takeAll();
  const { id } = await only();
  await scene.setState(id, 'quarantined', 'MEDIA_UNREADABLE');
  await scene.drop.look();
  expect(scene.has('q-7.wav')).toBe(false);
  expect(await scene.papers('refused')).toMatchObject([
    { file: `q-7.${id}.json`, recordId: id, code: 'MEDIA_UNREADABLE', reason: 'why', name: 'q-7' },
  ]);
  expect(await scene.papers('done')).toEqual([]);
});

it('receipts hold no personal data, whatever the names and ids hold', async () => {
  await scene.putCall('来电13800138461', { sidecar: { sourceCallId: 'out-13800138461-17' } });
  await scene.put('138-0013-8462.wav', 'x');
  await scene.put('138-0013-8462.json', '{"customer":{"phone":"13800138463"},"王芳":1}');
  await scene.takeAll();
  const taken = (await scene.records()).find(({ state }) => state === 'received');
  await scene.setState(taken?.id ?? '', 'archived');
  await scene.drop.look();
  const papers = [...(await scene.papers('done')), ...(await scene.papers('refused'))];
  expect(papers).toHaveLength(2);
  expect(JSON.stringify([papers, scene.events])).not.toMatch(/1380013|138-0013|来电|王芳|退款/);
  expect(papers[0]).not.toHaveProperty('sourceCallId');
  const rows = JSON.stringify(await scene.database.db.selectFrom('record').selectAll().execute());
  expect(rows).not.toMatch(/1380013|138-0013|来电|王芳|退款/);
});

it.each(['x.vcon', 'x.vcon.json', 'x.vcon.gz'])('%s is a call of one file', async (name) => {
  const body = Buffer.from('sound').toString('base64url');
  const vcon = JSON.stringify({
    ...{ vcon: '0.4.0', uuid: '0198a1b2-1234-8abc-8def-001234567890' },
    ...{ created_at: '2026-11-20T01:00:00Z', parties: [{ name: 'A' }] },
    dialog: [
      {
        ...{ type: 'recording', start: '2026-11-20T01:00:00Z', parties: [0] },
        ...{ mediatype: 'audio/x-wav', encoding: 'base64url', body },
      },
    ],
  });
  await scene.put(name, name.endsWith('.gz') ? gzipSync(vcon) : vcon);
  await scene.takeAll();
  const { id, state } = await only();
  expect(state).toBe('received');
  await scene.setState(id, 'archived');
  await scene.drop.look();
  expect(scene.has(name)).toBe(false);
});

it('a vCon that does not read is sealed as it came', async () => {
  await scene.put('x.vcon', '{"vcon":"0.0.1", broken');
  await scene.takeAll();
  await scene.drop.look();
  const { id, state, reason_code } = await only();
  expect({ state, reason_code }).toEqual({ state: 'quarantined', reason_code: 'VCON_UNREADABLE' });
  expect(scene.has('x.vcon')).toBe(false);
  const objects = await scene.objects(id);
  const mediaType = 'application/vcon+json';
  expect(objects).toContainEqual(expect.objectContaining({ purpose: 'original', mediaType }));
});

it('the files of a refused call are all sealed, under a name that says nothing', async () => {
  await scene.put('a.wav', 'sound');
  await scene.put('a.json', 'not json 13800138461');
  await scene.put('a.srt', 'words');
  await scene.put('a.1.jpg', 'picture');
  await scene.takeAll();
  await scene.drop.look();
  const { id, state } = await only();
  expect(state).toBe('quarantined');
  const objects = await scene.objects(id);
  const contents = await Promise.all(
    objects.filter(({ purpose }) => purpose === 'original').map(scene.read),
  );
  expect(contents.map(String)).toEqual(['sound', 'not json 13800138461', 'words', 'picture']);
  const submission = objects.find(({ purpose }) => purpose === 'submission');
  if (submission === undefined) throw new Error('no submission');
  const { metadata } = await readSubmission(await scene.vault.open(submission));
  expect(metadata.sourceSystem).toBe('drop');
  expect(metadata.sourceCallId).toMatch(/^[0-9a-f]{64}$/);
  expect(scene.enqueued).not.toContain(id);
  expect(await scene.papers('refused')).toMatchObject([
    { code: 'METADATA_INVALID', field: 'metadata', reason: 'metadata: is not JSON' },
  ]);
});
