import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { openUpload } from '../intake/receive-record.ts';
import { createNotices } from '../notices/index.ts';
import {
  askWait,
  decideWait,
  neededUntil,
  type OriginalDeps,
  viewAsked,
  viewOriginal,
} from '../retire/originals/index.ts';
import { loadProfiles } from '../retire/retention.ts';
import { keepRules, retentionRules } from '../retire/terms/index.ts';
import { advanceRecord } from './advance-record.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import {
  FIRST,
  ID_CALL,
  noFaults,
  pipelineOver,
  SAMPLES,
  sampleScene,
} from './pipeline-scene.testing.ts';

const RULES = await readFile(join(SAMPLES, '../config/retention.yaml'), 'utf8');
const ARCHIVED_AT = '2026-11-20T01:00:00Z';
const AFTER_ITS_DAYS = '2026-11-27T01:00:00Z';
const GRANTED_DAY = '2026-12-24';
const WORDS = '客户对身份核实有异议，须比对原话';
const CLEAR = {
  seal: (_id: string, plain: Buffer) => plain,
  open: (_id: string, sealed: Buffer) => sealed,
};

let scene: IntakeScene;
let pipeline: PipelineDeps;
let deps: OriginalDeps;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
  const { clock, intake, database } = scene;
  deps = {
    ...{ db: database.db, clock, random: systemRandom, audit: intake.audit, texts: CLEAR },
    ...{ notices: createNotices({ clock }), timeZone: 'Asia/Shanghai', sensitiveOriginalDays: 7 },
    rules: retentionRules(loadProfiles(RULES)),
  };
});
afterEach(() => scene.close());

const officer = (name: string, person = name) => ({
  actor: { id: name, role: name === 'officer' ? 'compliance' : 'approver' },
  ...{ person, requestId: `of-${name}` },
});
const approve = (id: string, name: string, person = name) =>
  decideWait(deps, officer(name, person), { id, decision: 'approved' });
const ask = (recordId: string, until = GRANTED_DAY) =>
  askWait(deps, officer('officer'), { recordId, until, reason: WORDS });

/** A sensitive call that is archived and whose submission is gone; several come of one sample. */
async function archived(number = 1): Promise<RecordId> {
  const upload = openUpload(scene.intake);
  const part = async (file: string) => {
    const bytes = await readFile(join(SAMPLES, file));
    return (async function* () {
      yield bytes;
    })();
  };
  await upload.media(await part(`${ID_CALL}.wav`), 'audio/wav');
  await upload.transcript(await part(`${ID_CALL}.transcript.json`));
  const text = await readFile(join(SAMPLES, `${ID_CALL}.json`), 'utf8');
  const metadata = parseMetadata(text.replace('DEMO-20261120', `DEMO-${number}`));
  const { id } = await upload.commit(metadata, { id: 'test', role: 'service' });
  await advanceRecord(pipeline, id, FIRST);
  await destroyQuarantine(pipeline, id);
  return id;
}

const waiting = async (id: string) =>
  (await scene.objects(id)).filter((one) => one.pool === 'quarantine').map((one) => one.purpose);

/** When the queue comes for a record's quarantine, to the minute, told by the archive's clock: it waits so long. */
async function comesAt(id: string): Promise<string[]> {
  const { rows } = await sql<{ minutes: number }>`
    select round(extract(epoch from run_at - now()) / 60)::int as minutes
    from graphile_worker._private_jobs
    where payload->>'recordId' = ${id} order by run_at`.execute(deps.db);
  const now = scene.clock.now().getTime();
  return rows.map(({ minutes }) => new Date(now + minutes * 60_000).toISOString());
}

test('what still waits is come for at the moment when its time is over, and is gone then', async () => {
  const id = await archived();
  expect(await waiting(id)).toEqual(['original']);
  expect(await comesAt(id)).toContain('2026-11-27T01:00:00.000Z');
  expect((await viewOriginal(deps, 'officer', id)).needed).toMatchObject({ days: 7 });
  scene.clock.set('2026-11-27T00:59:59Z');
  expect(await destroyQuarantine(pipeline, id)).toBe(0);
  scene.clock.set(AFTER_ITS_DAYS);
  const [original] = (await scene.objects(id)).filter((one) => one.pool === 'quarantine');
  expect(await destroyQuarantine(pipeline, id)).toBe(1);
  await expect(scene.read(original as never)).rejects.toThrow();
  const view = await viewOriginal(deps, 'officer', id);
  expect([view.there, view.destroyedAt]).toEqual([false, '2026-11-27T01:00:00.000Z']);
});

test('a question keeps nothing, nor does one approval; two of others keep it to the day, and no longer', async () => {
  const [asked, once, twice] = [await archived(1), await archived(2), await archived(3)];
  await ask(asked);
  await approve(await ask(once), 'one');
  const question = await ask(twice);
  await approve(question, 'one');
  await approve(question, 'two');
  scene.clock.set(AFTER_ITS_DAYS);
  for (const id of [asked, once, twice]) await destroyQuarantine(pipeline, id);
  expect([await waiting(asked), await waiting(once)]).toEqual([[], []]);
  expect(await waiting(twice)).toEqual(['original']);
  expect(await comesAt(twice)).toContain('2026-12-23T16:00:00.000Z');
  scene.clock.set('2026-12-23T16:00:00Z');
  await destroyQuarantine(pipeline, twice);
  expect(await waiting(twice)).toEqual([]);
});

test('nobody grants what they asked for, nobody twice, nobody under another account, and one rejection ends it', async () => {
  const id = await archived();
  const question = await ask(id);
  await expect(ask(id)).rejects.toMatchObject({ code: 'ORIGINAL_WAIT_ASKED' });
  for (const [name, person, code] of [
    ['officer', 'officer', 'OWN_REQUEST'],
    ['twin', 'officer', 'OWN_REQUEST'],
  ] as const) {
    await expect(approve(question, name, person)).rejects.toMatchObject({ code });
  }
  await approve(question, 'one');
  await expect(approve(question, 'one')).rejects.toMatchObject({ code: 'ALREADY_DECIDED' });
  await expect(approve(question, 'other', 'one')).rejects.toMatchObject({ code: 'SAME_PERSON' });
  const { waits } = await viewAsked(deps, 'two');
  expect(waits).toMatchObject([{ id: question, mayDecide: true, reason: WORDS }]);
  expect((await viewAsked(deps, 'one')).waits).toMatchObject([{ mayDecide: false }]);
  await decideWait(deps, officer('two'), { id: question, decision: 'rejected', reason: '不必' });
  await expect(approve(question, 'three')).rejects.toMatchObject({
    code: 'ORIGINAL_WAIT_DECIDED',
  });
  expect((await neededUntil(deps, deps.db, id))?.grantedUntil).toBeUndefined();
});

test('a day has to be later than what holds, and within the longest wait that the rules name', async () => {
  const id = await archived();
  for (const until of ['2026-11-26', '2026-11-27', '2027-11-21']) {
    await expect(ask(id, until)).rejects.toMatchObject({
      ...{ code: 'ORIGINAL_DAY_INVALID', field: 'body/until' },
    });
  }
  const question = await ask(id, '2027-11-20');
  await approve(question, 'one');
  await approve(question, 'two');
  expect(await neededUntil(deps, deps.db, id)).toMatchObject({ grantedUntil: '2027-11-20' });
});

test('what has gone is not asked for, nor granted any more; a basic call has nothing that waits', async () => {
  const id = await archived();
  const question = await ask(id);
  scene.clock.set(AFTER_ITS_DAYS);
  await destroyQuarantine(pipeline, id);
  const code = 'ORIGINAL_NOT_WAITING';
  await expect(approve(question, 'one')).rejects.toMatchObject({ code });
  await expect(ask(id, '2027-01-01')).rejects.toMatchObject({ code });
  expect((await viewAsked(deps, 'one')).waits).toEqual([]);
  const unknown = '00000000-0000-7000-8000-000000000000';
  await expect(ask(unknown)).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
});

test('of an approval and a destruction at one moment one comes first: granted means there, refused means gone', async () => {
  const ids: RecordId[] = [];
  for (let number = 1; number <= 5; number += 1) ids.push(await archived(number));
  const questions = await Promise.all(ids.map((id) => ask(id)));
  for (const question of questions) await approve(question, 'one');
  scene.clock.set(AFTER_ITS_DAYS);
  const granted = await Promise.all(
    ids.map(async (id, at) => {
      const question = questions[at] ?? '';
      const going = destroyQuarantine(pipeline, id);
      const outcome = await approve(question, 'two').then(
        () => 'granted',
        (error: { code?: string }) => error.code,
      );
      await going;
      return outcome;
    }),
  );
  for (const [at, id] of ids.entries()) {
    expect([granted[at], await waiting(id)]).toEqual(
      granted[at] === 'granted' ? ['granted', ['original']] : ['ORIGINAL_NOT_WAITING', []],
    );
  }
});

test('rules that need it longer keep what waits already; shorter ones are for calls to come', async () => {
  const id = await archived();
  const inForce = (days: number) =>
    deps.db.transaction().execute((tx) =>
      keepRules(tx, {
        rules: RULES.replace(
          /^version: 1$/m,
          `version: 1\noriginals: { default: { days: ${days} } }`,
        ),
        ...{ actorId: 'officer', at: new Date(ARCHIVED_AT) },
      }),
    );
  await inForce(10);
  scene.clock.set(AFTER_ITS_DAYS);
  await destroyQuarantine(pipeline, id);
  expect(await waiting(id)).toEqual(['original']);
  expect(await comesAt(id)).toContain('2026-11-30T01:00:00.000Z');
  scene.clock.set('2026-11-30T01:00:00Z');
  await destroyQuarantine(pipeline, id);
  expect(await waiting(id)).toEqual([]);
});

test('a hold keeps an original beyond its time and beyond what was granted', async () => {
  const id = await archived();
  const row = { record_id: id, hold_id: '0198a1b2-0000-7000-8000-00000000000a' };
  await deps.db
    .insertInto('held_record')
    .values({ ...row, held_at: new Date(ARCHIVED_AT) })
    .execute();
  scene.clock.set('2027-12-01T00:00:00Z');
  await destroyQuarantine(pipeline, id);
  expect(await waiting(id)).toEqual(['original']);
  expect(await viewOriginal(deps, undefined, id)).toMatchObject({ there: true, held: true });
  await deps.db.deleteFrom('held_record').execute();
  await destroyQuarantine(pipeline, id);
  expect(await waiting(id)).toEqual([]);
});

test('the ledger has who asked and who decided, and none of the words', async () => {
  const id = await archived();
  const question = await ask(id);
  await approve(question, 'one');
  await approve(question, 'two');
  const acts = scene.entries.filter((one) => one.action.startsWith('retention.'));
  expect(acts.map((one) => [one.action, one.actor.id, one.detail?.['complete']])).toEqual([
    ['retention.ask_wait', 'officer', undefined],
    ['retention.approve_wait', 'one', false],
    ['retention.approve_wait', 'two', true],
  ]);
  expect(JSON.stringify(scene.entries)).not.toContain(WORDS);
});
