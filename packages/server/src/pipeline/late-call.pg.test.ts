import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { watchAlone, watchPerson } from '../retire/restrictions/index.ts';
import { advanceRecord } from './advance-record.ts';
import type { PipelineDeps } from './deps.ts';
import { destroyQuarantine } from './destroy-quarantine.ts';
import {
  FIRST,
  noFaults,
  pipelineOver,
  receive,
  SAMPLES,
  sampleScene,
  WATCH_KEY,
} from './pipeline-scene.testing.ts';

const CLOSURE = '0198a1b2-0000-7000-8000-0000000000dd';
let scene: IntakeScene;
let pipeline: PipelineDeps;

beforeEach(async () => {
  scene = await sampleScene();
  pipeline = await pipelineOver(scene, noFaults());
});
afterEach(() => scene.close());

async function closed(customer: { phone?: string; account?: string }): Promise<void> {
  const now = pipeline.clock.now();
  await scene.database.db.transaction().execute(async (tx) => {
    await watchAlone(tx);
    await tx
      .insertInto('account_closure')
      .values({
        ...{ id: CLOSURE, reference_digest: Buffer.alloc(1), content_digest: Buffer.alloc(1) },
        ...{ sealed: Buffer.alloc(0), closed_on: '2026-11-10', told_by: 'x', told_at: now },
        ...{ reached_at: null, reached_id: null, walked_at: now },
      })
      .execute();
    const cause = { id: CLOSURE, kind: 'closure' } as const;
    const reach = { phoneBefore: new Date('2100-01-01'), bound: true };
    await watchPerson({ watchKey: WATCH_KEY }, tx, customer, cause, reach);
  });
}

it('a call whose account was closed before it arrived is never open: it is archived and restricted at once, told the day, and its quarantine goes', async () => {
  const { db } = scene.database;
  const id = await receive(scene, '01-enquiry');
  const { phone } = await customerOf();
  await closed({ phone });
  await advanceRecord(pipeline, id, FIRST);
  const row = await db
    .selectFrom('record')
    .innerJoin('call', 'call.id', 'record.id')
    .select(['record.state', 'record.archived_at', 'call.restricted'])
    .where('record.id', '=', id)
    .executeTakeFirstOrThrow();
  expect([row.state, row.restricted, row.archived_at === null]).toEqual([
    'restricted',
    true,
    false,
  ]);
  const anchors = await db
    .selectFrom('record_anchor')
    .select(['anchor', 'day'])
    .where('record_id', '=', id)
    .orderBy('anchor')
    .execute();
  expect(anchors).toEqual([
    { anchor: 'account_closure', day: '2026-11-10' },
    { anchor: 'relationship_end', day: '2026-11-10' },
  ]);
  expect(await destroyQuarantine(pipeline, id)).toBeGreaterThan(0);
  const told = scene.entries.filter(({ action }) => action === 'record.restrict');
  expect(told).toMatchObject([{ resource: id, detail: { cause: CLOSURE, kind: 'closure' } }]);
});

it('whoever begins to watch waits for calls that are being archived, which are found then', async () => {
  const { db } = scene.database;
  const order: string[] = [];
  let archiving: Promise<void> | undefined;
  const began = new Promise<void>((resolve) => {
    archiving = db.transaction().execute(async (tx) => {
      const call = { recordId: CLOSURE as never, startedAt: new Date(), phone: '13712345678' };
      await pipeline.restrictLate(tx, call);
      resolve();
      await new Promise((later) => setTimeout(later, 200));
      order.push('archived');
    });
  });
  await began;
  await db.transaction().execute(async (tx) => {
    await watchAlone(tx);
    order.push('watched');
  });
  await archiving;
  expect(order).toEqual(['archived', 'watched']);
});

/** Whom the sample call is from. */
async function customerOf(): Promise<{ phone: string }> {
  const text = await readFile(join(SAMPLES, '01-enquiry.json'), 'utf8');
  return (JSON.parse(text) as { customer: { phone: string } }).customer;
}
