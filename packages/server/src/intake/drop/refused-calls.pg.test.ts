import { chmod, mkdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ARCHIVE_ACTOR } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { resumeRecord } from '../../pipeline/resume-record.ts';
import { type DropScene, dropScene, sidecarOf } from './drop-scene.testing.ts';

let scene: DropScene;
beforeAll(async () => {
  scene = await dropScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.empty());

async function archiveCall(stem: string): Promise<string> {
  await scene.putCall(stem);
  await scene.takeAll();
  const id = (await scene.records()).at(-1)?.id ?? '';
  await scene.setState(id, 'archived');
  await scene.drop.look();
  expect(scene.has(`${stem}.wav`)).toBe(false);
  return id;
}

const HOSTILE: [string, string | Buffer, RegExp][] = [
  ['no JSON', '{"sourceSystem":', /is not JSON/],
  ['no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), /is not JSON/],
  ['nothing', '', /empty/],
  ['huge', Buffer.alloc(5 << 20, 32), /is larger than/],
  ['a list', '[]', /metadata: .*expected object/],
  ['deep nesting', `${'['.repeat(200_000)}`, /is not JSON/],
  [
    'wrong types',
    JSON.stringify(sidecarOf('t', { events: {}, agent: 7 })),
    /metadata\/agent.*metadata\/events/,
  ],
  ['a prototype', '{"__proto__":{"x":1}}', /metadata/],
  ['an unknown field', JSON.stringify(sidecarOf('t', { phone: '1' })), /not known: phone/],
];

it.each(HOSTILE)(
  'a sidecar that is %s: all is sealed, the source goes, refused/ tells',
  async (_, sidecar, reason) => {
    await scene.put('h.wav', 'sound');
    await scene.put('h.json', sidecar);
    await scene.takeAll();
    await scene.drop.look();
    const [record, ...more] = await scene.records();
    expect(more).toEqual([]);
    expect(record?.state).toBe('quarantined');
    expect(scene.has('h.wav') || scene.has('h.json')).toBe(false);
    const [paper] = await scene.papers('refused');
    expect(paper?.['reason']).toMatch(reason);
    const kept = await Promise.all((await scene.objects(record?.id ?? '')).map(scene.read));
    expect(kept.some((one) => one.equals(Buffer.from(sidecar)))).toBe(true);
  },
);

it('operators see a refused call with its reason, and no retry moves it on', async () => {
  await scene.put('a.wav', 'sound');
  await scene.put('a.json', '{}');
  await scene.takeAll();
  const [record] = await scene.records();
  expect(record).toMatchObject({ state: 'quarantined', reason_code: 'METADATA_INVALID' });
  const queue = {
    advance: async () => undefined,
    destroyQuarantine: async () => undefined,
    move: async () => undefined,
  };
  const deps = { db: scene.database.db, audit: scene.intake.audit, queue };
  const retry = resumeRecord(deps, record?.id as RecordId, ARCHIVE_ACTOR, 'r1');
  await expect(retry).rejects.toMatchObject({ code: 'RECORD_NOT_RESUMABLE' });
  expect((await scene.records())[0]?.state).toBe('quarantined');
});

it('the same refused files again are the same record', async () => {
  for (let time = 0; time < 2; time += 1) {
    await scene.put('a.wav', 'sound');
    await scene.put('a.json', '{}');
    await scene.takeAll();
    await scene.drop.look();
    expect(scene.has('a.wav')).toBe(false);
  }
  expect(await scene.records()).toHaveLength(1);
});

it('other bytes under a known call id are sealed with the id of the known record', async () => {
  const known = await archiveCall('a');
  await scene.putCall('a', { media: 'other sound' });
  await scene.takeAll();
  await scene.drop.look();
  const [first, refused] = await scene.records();
  expect(first).toMatchObject({ id: known, state: 'archived' });
  expect(refused).toMatchObject({ state: 'quarantined', reason_code: 'SOURCE_CALL_CONFLICT' });
  expect(scene.has('a.wav')).toBe(false);
  const [paper] = await scene.papers('refused');
  expect(paper).toMatchObject({ code: 'SOURCE_CALL_CONFLICT', field: 'metadata/sourceCallId' });
  expect(paper?.['reason']).toContain(known);
});

it('the same call delivered again is unlinked and changes nothing', async () => {
  const known = await archiveCall('a');
  const before = await scene.inventory();
  await scene.putCall('a');
  await scene.takeAll();
  await scene.drop.look();
  expect(scene.has('a.wav')).toBe(false);
  expect(await scene.inventory()).toEqual(before);
  expect(await scene.papers('done')).toMatchObject([{ recordId: known }]);
});

it('a call that was disposed of does not come back: its very bytes are unlinked', async () => {
  const id = await archiveCall('a');
  await dispose(id);
  const before = await scene.inventory();
  await scene.putCall('a');
  await scene.takeAll();
  expect(await scene.inventory()).toEqual(before);
  expect(scene.has('a.wav') || scene.has('a.json')).toBe(false);
  expect(await scene.papers('refused')).toMatchObject([
    { code: 'RECORD_DISPOSED', name: 'a', removed: true },
  ]);
});

it('other bytes under a disposed call id are neither stored nor removed, and not asked again', async () => {
  const id = await archiveCall('a');
  await dispose(id);
  const before = await scene.inventory();
  await scene.putCall('a', { media: 'other sound' });
  await scene.takeAll();
  await scene.takeAll();
  expect(await scene.inventory()).toEqual(before);
  expect(scene.has('a.wav') && scene.has('a.json')).toBe(true);
  expect(scene.events.filter(({ kind }) => kind === 'left')).toEqual([
    { kind: 'left', code: 'RECORD_DISPOSED', name: 'a' },
  ]);
  expect(await scene.papers('refused')).toMatchObject([{ removed: false }]);
});

it('media beyond the limit stays where it is, is told once, and leaves nothing behind', async () => {
  await scene.putCall('a');
  await truncate(scene.path('a.wav'), (8 << 20) + 1);
  const before = await scene.inventory();
  await scene.takeAll();
  await scene.takeAll();
  expect(scene.has('a.wav')).toBe(true);
  expect(await scene.inventory()).toEqual(before);
  expect(scene.events).toEqual([{ kind: 'left', code: 'MEDIA_TOO_LARGE', name: 'a' }]);
  expect(await scene.papers('refused')).toMatchObject([
    { code: 'MEDIA_TOO_LARGE', removed: false },
  ]);
});

it('a transcript or a screenshot beyond its limit refuses the call and is sealed with it', async () => {
  await scene.putCall('a');
  await scene.put('a.vtt', Buffer.alloc(5000, 65));
  await scene.putCall('b');
  await scene.put('b.1.png', Buffer.alloc(5000, 66));
  await scene.takeAll();
  await scene.drop.look();
  const codes = (await scene.records()).map(({ reason_code }) => reason_code).sort();
  expect(codes).toEqual(['SCREENSHOT_TOO_LARGE', 'TRANSCRIPT_TOO_LARGE']);
  expect(scene.has('a.vtt') || scene.has('b.1.png')).toBe(false);
});

it('what may pass is tried again, later each time, and leaves nothing behind', async () => {
  await scene.putCall('a');
  const before = await scene.inventory();
  scene.faults.beforeCommit = () =>
    Promise.reject(new ArchiveError('LEDGER_UNAVAILABLE', 'off', { retry: 'later' }));
  await scene.takeAll();
  await scene.drop.look();
  await scene.drop.idle();
  expect(scene.events).toEqual([{ kind: 'failed', code: 'LEDGER_UNAVAILABLE', name: 'a' }]);
  expect(await scene.inventory()).toEqual(before);
  delete scene.faults.beforeCommit;
  scene.passMs(5000);
  await scene.takeAll();
  expect(await scene.records()).toHaveLength(1);
});

it('a stop abandons the upload under way; nothing is stored and the files stay', async () => {
  await scene.putCall('a', { media: 'x'.repeat(2 << 20) });
  const before = await scene.inventory();
  await scene.drop.look();
  scene.passMs(3000);
  await scene.drop.look();
  await scene.drop.stop();
  expect(await scene.inventory()).toEqual(before);
  expect(scene.has('a.wav')).toBe(true);
  expect(scene.events).toEqual([]);
});

it('a folder that vanishes is told once; the watch goes on when it is back', async () => {
  await scene.putCall('a');
  await rename(scene.path(''), `${scene.path('')}-away`);
  for (let look = 0; look < 3; look += 1) await scene.drop.look();
  expect(scene.events).toEqual([{ kind: 'unreachable', code: 'ENOENT' }]);
  expect(scene.drop.counts.reachable).toBe(false);
  await rename(`${scene.path('')}-away`, scene.path(''));
  await scene.takeAll();
  expect(scene.events[1]).toEqual({ kind: 'reachable' });
  expect(await scene.records()).toHaveLength(1);
});

it('a receipt folder that is a link is not written through, and the source stays', async () => {
  await scene.putCall('a');
  const outside = join(scene.folder, 'elsewhere');
  await mkdir(outside, { recursive: true });
  await symlink(outside, scene.path('done'));
  await scene.takeAll();
  await scene.setState((await scene.records())[0]?.id ?? '', 'archived');
  await scene.drop.look();
  expect(scene.events).toContainEqual({ kind: 'failed', code: 'DROP_FOLDER_TAKEN', name: 'a' });
  expect(scene.has('a.wav')).toBe(true);
  await rm(scene.path('done'));
  scene.passMs(10_000);
  await scene.drop.look();
  expect(scene.has('a.wav')).toBe(false);
});

it('an unreadable file is tried again and holds nothing up', async () => {
  await scene.putCall('a');
  await scene.putCall('b');
  await chmod(scene.path('a.wav'), 0o000);
  await scene.takeAll();
  const root = process.getuid?.() === 0;
  expect(await scene.records()).toHaveLength(root ? 2 : 1);
  expect((await stat(scene.path('a.wav'))).isFile()).toBe(true);
});

it('a sidecar with a byte order mark in front is read', async () => {
  await scene.put('a.wav', 'sound');
  await writeFile(scene.path('a.json'), `\uFEFF${JSON.stringify(sidecarOf('a'))}`);
  await scene.takeAll();
  expect(await scene.records()).toMatchObject([{ state: 'received' }]);
});

async function dispose(id: string): Promise<void> {
  await scene.database.db
    .updateTable('intake_key')
    .set({ disposed_at: scene.clock.now() })
    .where('record_id', '=', id)
    .execute();
  await scene.setState(id, 'disposed');
}
