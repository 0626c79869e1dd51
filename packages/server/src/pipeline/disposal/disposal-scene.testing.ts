import { sql } from 'kysely';
import type { RecordId } from '../../core/ids.ts';
import { systemRandom } from '../../core/random.ts';
import { ARCHIVE_ID, type IntakeScene } from '../../intake/intake-scene.testing.ts';
import type { RunDeps } from '../../retire/disposal/index.ts';
import { holdGate } from '../../retire/holds/index.ts';
import type { PipelineDeps } from '../deps.ts';
import { gatingOf, noFaults, pipelineOver, sampleScene } from '../pipeline-scene.testing.ts';
import { archived } from '../rotation/rotation-scene.testing.ts';
import type { RunWork } from './work-run.ts';

export const RUN = '0198a1b2-0000-7000-8000-0000000000aa';
export const SITES = ['hq', 'branch', 'cloud'];

export interface DisposalScene {
  scene: IntakeScene;
  pipeline: PipelineDeps;
  deps: RunDeps & RunWork;
  /** Kinds of notices, and to whom. */
  told: unknown[];
  archive(name: string): Promise<RecordId>;
  /** Its term, as rules would have given it. */
  term(
    recordId: string,
    term: { keepUntil: string; dueOn?: string; atMost?: string },
  ): Promise<void>;
  /** Rows of another record like the first, without objects. */
  another(first: string, recordId: string): Promise<void>;
  hold(recordId: string): Promise<void>;
  restrict(recordId: string, kind: 'erasure' | 'closure'): Promise<void>;
  stateOf(recordId: string): Promise<string>;
}

export async function disposalScene(mostAlone = 20): Promise<DisposalScene> {
  const scene = await sampleScene();
  scene.clock.set('2026-11-20T01:00:00Z');
  const pipeline = await pipelineOver(scene, noFaults());
  const { db } = scene.database;
  const told: unknown[] = [];
  const { audit, vault, timeZone, clock } = pipeline;
  const deps: DisposalScene['deps'] = {
    ...{ db, clock, audit, vault, timeZone, mostAlone, siteNames: SITES },
    ...{ random: systemRandom, archiveId: ARCHIVE_ID, signers: scene.warrants },
    gate: holdGate(gatingOf(scene, pipeline.indexKeys)),
    epoch: () => scene.keys.currentEpoch('core'),
    forgetKeys: (recordId) => scene.keyRoom.drop(recordId),
    texts: { seal: (_id, plain) => plain },
    notices: {
      tell: async (_tx, telling) => {
        told.push([telling.kind, telling.to]);
        return { told: 1 };
      },
    },
    paced: async () => undefined,
  };
  const CAUSE = '0198a1b2-0000-7000-8000-0000000000bb';
  return {
    ...{ scene, pipeline, deps, told },
    archive: (name) => archived(scene, pipeline, name),
    async term(recordId, { keepUntil, dueOn, atMost }) {
      await db
        .updateTable('record_term')
        .set({ keep_until: keepUntil, due_on: dueOn ?? keepUntil, at_most: atMost ?? null })
        .set({ open_ended: false })
        .where('record_id', '=', recordId)
        .execute();
    },
    async another(first, recordId) {
      await sql`insert into record select ${recordId}::uuid, 'archived', null, null, null,
        source_system, decode(md5(${recordId}), 'hex'), media_digest, media_bytes, started_at,
        received_at, archived_at, '{}', tier from record where id = ${first}`.execute(db);
      await sql`insert into record_term select ${recordId}::uuid, keep_until, false, null, due_on,
        rule, rules, why from record_term where record_id = ${first}`.execute(db);
    },
    async hold(recordId) {
      await db
        .insertInto('held_record')
        .values({ record_id: recordId, hold_id: CAUSE, held_at: clock.now() })
        .execute();
    },
    async restrict(recordId, kind) {
      await db
        .insertInto('record_restriction')
        .values({ record_id: recordId, cause_id: CAUSE, kind, since: clock.now() })
        .execute();
    },
    async stateOf(recordId) {
      const row = await db
        .selectFrom('record')
        .select('state')
        .where('id', '=', recordId)
        .executeTakeFirstOrThrow();
      return row.state;
    },
  };
}
