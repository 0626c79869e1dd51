import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HoldScene, holdScene, LI, officer, STARTED_AT, WANG } from './hold-scene.testing.ts';
import {
  acknowledge,
  addRecords,
  holdsOf,
  letGo,
  listHolds,
  noticeOf,
  recordsOf,
  releaseHold,
  releaseRecord,
  viewHold,
  walkHolds,
} from './index.ts';

const NOBODY = '0198a1b2-0000-7000-8000-0000000000ff';

let scene: HoldScene;
beforeEach(async () => {
  scene = await holdScene();
});
afterEach(() => scene.close());

const entriesOf = (action: string) => scene.entries.filter((one) => one.action === action);
const noted = async (holdId: string) => {
  const { records } = await recordsOf(scene.db, holdId, { limit: 1000 });
  return records.map((one) => one.recordId);
};

describe('records that are chosen', () => {
  test('are held from the answer on, and the gate names the hold', async () => {
    const [kept, free] = [await scene.call(), await scene.call()];
    const { id, tooLate } = await scene.place({ recordIds: [kept, kept] });
    expect(tooLate).toEqual([]);
    expect(await scene.heldBy(kept)).toEqual([id]);
    expect(await scene.heldBy(free)).toBeUndefined();
    expect(await scene.dispose(kept)).toBe(false);
    expect(entriesOf('hold.create')).toMatchObject([
      { resource: id, detail: { records: 1, tooLate: 0, search: false } },
    ]);
  });

  test('that are gone, or never were, are named; all others are held', async () => {
    const [kept, gone] = [await scene.call(), await scene.call()];
    expect(await scene.dispose(gone)).toBe(true);
    const { id, tooLate } = await scene.place({ recordIds: [gone, NOBODY, kept] });
    expect(tooLate.toSorted((a, b) => a.why.localeCompare(b.why))).toEqual([
      { recordId: gone, why: 'disposed' },
      { recordId: NOBODY, why: 'unknown' },
    ]);
    expect(await noted(id)).toEqual([kept]);
  });

  test('may have several holds, and go free with the last', async () => {
    const kept = await scene.call();
    const first = await scene.place({ recordIds: [kept] });
    const second = await scene.place({ recordIds: [kept] });
    expect(await scene.heldBy(kept)).toEqual([first.id, second.id].toSorted());
    await releaseHold(scene, first.id, '和解', WANG);
    expect(await letGo(scene)).toBe(1);
    expect(await scene.heldBy(kept)).toEqual([second.id]);
    expect(scene.settled).toEqual([]);
    await releaseHold(scene, second.id, '和解', WANG);
    await letGo(scene);
    expect(await scene.heldBy(kept)).toBeUndefined();
    expect(scene.settled).toEqual([kept]);
  });

  test('are added to a living hold, and to no released one', async () => {
    const [one, two] = [await scene.call(), await scene.call()];
    const { id } = await scene.place({ recordIds: [one] });
    expect(await addRecords(scene, id, [two, one], LI)).toEqual([]);
    expect(await noted(id)).toEqual([one, two].toSorted());
    expect(entriesOf('hold.extend')).toMatchObject([{ detail: { records: 1 } }]);
    await releaseHold(scene, id, '和解', WANG);
    await expect(addRecords(scene, id, [two], LI)).rejects.toMatchObject({ code: 'HOLD_RELEASED' });
  });
});

describe('a search', () => {
  test('holds what it finds before the walk has come to it, and the walk notes it', async () => {
    const [found, other] = [await scene.call({ agentId: '007' }), await scene.call()];
    const id = await scene.search({ agent: ['007'] });
    expect(await noted(id)).toEqual([]);
    expect((await holdsOf(scene, found)).holds).toMatchObject([{ id, matter: '退款纠纷 2026' }]);
    expect(await scene.dispose(found)).toBe(false);
    expect(await walkHolds(scene)).toBe(true);
    expect(await noted(id)).toEqual([found]);
    expect(await scene.dispose(other)).toBe(true);
    expect((await viewHold(scene, id)).progress?.caughtUpTo).toBeDefined();
  });

  test('finds by number and by words as the search of records does', async () => {
    const phone = await scene.search({ phone: '138****7315' });
    const words = await scene.search({ text: '打印机' });
    const call = await scene.call({ texts: ['打印机坏了'] });
    const quiet = await scene.call();
    expect(await scene.heldBy(call)).toEqual([phone, words].toSorted());
    expect(await scene.heldBy(quiet)).toEqual([phone]);
  });

  test('catches what is archived later, in the same transaction', async () => {
    const id = await scene.search({ agent: ['007'] });
    await walkHolds(scene);
    const late = await scene.db.transaction().execute(async (tx) => {
      const made = await scene.call({ agentId: '007', tx });
      await scene.gate.catchNew(tx, made);
      return made;
    });
    expect(await noted(id)).toEqual([late]);
    expect(entriesOf('hold.catch').at(-1)).toMatchObject({ resource: late, detail: { hold: id } });
  });

  test('misses no record that is archived while it is placed', async () => {
    let placed: Promise<string> | undefined;
    const made = await scene.db.transaction().execute(async (tx) => {
      const call = await scene.call({ agentId: '007', tx });
      await scene.gate.catchNew(tx, call);
      placed = scene.search({ agent: ['007'] });
      await new Promise((done) => setTimeout(done, 150));
      return call;
    });
    await placed;
    await walkHolds(scene);
    expect(await scene.heldBy(made)).toHaveLength(1);
    const row = await scene.db.selectFrom('held_record').select('record_id').execute();
    expect(row).toEqual([{ record_id: made }]);
  });

  test('goes on where its walk was cut, and notes each record once', async () => {
    const days = [0, 40, 80, 120];
    const calls = [];
    for (const day of days) {
      const startedAt = new Date(STARTED_AT.getTime() + day * 86_400_000);
      calls.push(await scene.call({ agentId: '007', startedAt }));
    }
    const id = await scene.search({ agent: ['007'] });
    const cut = new AbortController();
    scene.onEntry.run = () => cut.abort();
    expect(await walkHolds(scene, cut.signal)).toBe(false);
    expect(await noted(id)).toEqual(calls.slice(0, 1));
    expect((await viewHold(scene, id)).walking).toBe(true);
    let entries = 0;
    scene.onEntry.run = () => {
      if (entries === 1) throw new Error('the power fails');
      entries += 1;
    };
    await expect(walkHolds(scene)).rejects.toThrow('the power fails');
    expect(await noted(id)).toEqual(calls.slice(0, 2));
    scene.onEntry.run = () => undefined;
    expect(await walkHolds(scene)).toBe(true);
    expect(await noted(id)).toEqual(calls);
    expect(entriesOf('hold.catch').map((one) => one.detail?.['records'])).toEqual([1, 1, 1, 1]);
  });

  test('goes through more records than a batch has', async () => {
    await scene.calls(505, () => ({ agentId: '007' }));
    const id = await scene.search({ agent: ['007'] });
    await walkHolds(scene);
    expect((await viewHold(scene, id)).records).toBe(505);
    await releaseHold(scene, id, '和解', WANG);
    expect(await letGo(scene)).toBe(505);
    expect(new Set(scene.settled).size).toBe(505);
  });

  test('that does not open any more keeps everything, and holds up no other', async () => {
    const call = await scene.call({ agentId: '007' });
    const broken = await scene.search({ agent: ['nobody'] });
    const whole = await scene.search({ agent: ['007'] });
    await scene.db
      .updateTable('legal_hold')
      .set({ sealed_query: Buffer.from('forged') })
      .where('id', '=', broken)
      .execute();
    await expect(walkHolds(scene)).rejects.toMatchObject({ code: 'FIELDS_DAMAGED' });
    expect(await noted(whole)).toEqual([call]);
    await releaseHold(scene, whole, '和解', WANG);
    await letGo(scene);
    expect(await scene.heldBy(call)).toEqual([broken]);
  });

  test('lets a record that was released by itself alone, until it is added again', async () => {
    const [one, two] = [await scene.call({ agentId: '007' }), await scene.call({ agentId: '007' })];
    const id = await scene.search({ agent: ['007'] });
    const release = { holdId: id, recordId: one, reason: '与本案无关' };
    await expect(releaseRecord(scene, release, LI)).rejects.toMatchObject({
      code: 'HOLD_SAME_PERSON',
    });
    await releaseRecord(scene, release, WANG);
    expect(scene.settled).toEqual([one]);
    await walkHolds(scene);
    expect(await noted(id)).toEqual([two]);
    expect(await scene.heldBy(one)).toBeUndefined();
    await expect(releaseRecord(scene, release, WANG)).rejects.toMatchObject({
      code: 'RECORD_NOT_HELD',
    });
    await addRecords(scene, id, [one], LI);
    expect(await scene.heldBy(one)).toEqual([id]);
    expect((await viewHold(scene, id)).exempted).toBe(0);
  });

  test('that was asked about and is released before its walk still has what was put off asked again', async () => {
    const call = await scene.call({ agentId: '007' });
    const id = await scene.search({ agent: ['007'] });
    expect(await scene.dispose(call)).toBe(false);
    await releaseHold(scene, id, '和解', WANG);
    await letGo(scene);
    expect(scene.settled).toEqual([call]);
  });
});

describe('a release', () => {
  test('is for another person than who placed it, whichever account they use', async () => {
    const { id } = await scene.place({ recordIds: [await scene.call()] });
    for (const by of [LI, officer('li-2', 'li'), officer('li', 'wang')]) {
      await expect(releaseHold(scene, id, '和解', by)).rejects.toMatchObject({
        code: 'HOLD_SAME_PERSON',
      });
    }
    // Whoever the row says it was.
    await scene.db.updateTable('legal_hold').set({ placed_by: 'wang' }).execute();
    await expect(releaseHold(scene, id, '和解', LI)).rejects.toMatchObject({
      code: 'HOLD_SAME_PERSON',
    });
    await releaseHold(scene, id, '和解', WANG);
    await expect(releaseHold(scene, id, '和解', WANG)).rejects.toMatchObject({
      code: 'HOLD_RELEASED',
    });
    expect(await viewHold(scene, id)).toMatchObject({
      ...{ state: 'released', releasedBy: 'wang', releaseReason: '和解' },
    });
  });
});

test('custodians say that they have read of a hold and of its release; nobody else sees it', async () => {
  const { id } = await scene.place({ custodians: ['custodian-a', 'custodian-b'] });
  const by = (name: string) => ({ actor: { id: name, role: 'agent' }, requestId: 'r1' });
  expect(await noticeOf(scene, id, 'custodian-a')).toMatchObject({ matter: '退款纠纷 2026' });
  await acknowledge(scene, id, by('custodian-a'));
  await acknowledge(scene, id, by('custodian-a'));
  expect(entriesOf('hold.acknowledge')).toHaveLength(1);
  await expect(noticeOf(scene, id, 'li')).rejects.toMatchObject({ code: 'HOLD_UNKNOWN' });
  await expect(acknowledge(scene, id, by('li'))).rejects.toMatchObject({ code: 'HOLD_UNKNOWN' });
  const line = async () => (await listHolds(scene, { state: 'all', limit: 10 })).holds[0];
  expect(await line()).toMatchObject({ custodians: 2, acknowledged: 1 });
  await releaseHold(scene, id, '和解', WANG);
  expect(await line()).toMatchObject({ custodians: 2, acknowledged: 0 });
  await acknowledge(scene, id, by('custodian-a'));
  expect((await viewHold(scene, id)).custodians).toMatchObject([
    {
      id: 'custodian-a',
      acknowledgedAt: expect.any(String),
      releaseAcknowledgedAt: expect.any(String),
    },
    { id: 'custodian-b' },
  ]);
  await expect(scene.place({ custodians: ['custodian-a', 'gone'] })).rejects.toMatchObject({
    ...{ code: 'HOLD_CUSTODIAN_UNKNOWN', field: 'body/custodians/1' },
  });
});

test('neither matter nor reason nor number stands in any table or entry', async () => {
  const { id } = await scene.place({ search: { phone: '13800007315' } });
  await releaseHold(scene, id, '和解协议', WANG);
  const rows = await scene.db.selectFrom('legal_hold').selectAll().execute();
  const text = `${JSON.stringify(scene.entries)}${rows
    .flatMap((row) => [row.sealed, row.sealed_query, row.sealed_release])
    .map(String)
    .join()}`;
  for (const word of ['退款纠纷', '法务', '13800007315', '和解协议']) {
    expect(text).not.toContain(word);
  }
});

test('of 200 holds and disposals at once none leaves a record both held and disposed of', async () => {
  const ids = await scene.calls(200, (at) => ({ agentId: `agent-${at}` }));
  const outcomes: { at: number; held: boolean; gone: boolean }[] = [];
  const race = async (id: string, at: number) => {
    const later = () => new Promise((done) => setTimeout(done, at % 5));
    const place = () =>
      at % 2 === 0
        ? scene.place({ recordIds: [id] }).then(({ tooLate }) => tooLate.length === 0)
        : scene.search({ agent: [`agent-${at}`] }).then(() => undefined);
    const first = at % 4 < 2;
    let placed = false;
    const [chosen, gone] = await Promise.all([
      (first ? place() : later().then(place)).finally(() => {
        placed = true;
      }),
      (first ? later() : Promise.resolve()).then(async () => {
        const tooLate = placed;
        const disposed = await scene.dispose(id);
        expect([at, tooLate && disposed]).toEqual([at, false]);
        return disposed;
      }),
    ]);
    // A search that was too late finds nothing; one that was not keeps its record.
    const held = chosen ?? !gone;
    outcomes.push({ at, held, gone });
    expect([at, held]).toEqual([at, !gone]);
  };
  for (let at = 0; at < ids.length; at += 10) {
    await Promise.all(ids.slice(at, at + 10).map((id, more) => race(id, at + more)));
    // A search that kept its record has noted it; those of one round need not be asked in the next.
    await scene.db.updateTable('legal_hold').set({ released_at: scene.clock.now() }).execute();
  }
  const both = await scene.db
    .selectFrom('held_record')
    .innerJoin('record', 'record.id', 'held_record.record_id')
    .select('record.id')
    .where('state', '=', 'disposed')
    .execute();
  expect(both).toEqual([]);
  const kept = outcomes.filter((one) => one.held).map((one) => one.at);
  expect(await scene.db.selectFrom('held_record').select('record_id').execute()).toHaveLength(
    kept.length,
  );
  // Both came first, with chosen records and with searches.
  for (const rest of [0, 1]) {
    const of = outcomes.filter((one) => one.at % 2 === rest);
    expect(of.some((one) => one.held) && of.some((one) => one.gone)).toBe(true);
  }
}, 120_000);
