import type { SubjectRequestView } from '@voxkeep/contract';
import { fixedClock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import { systemRandom } from '../core/random.ts';
import { reclassify } from '../index/index.ts';
import { openFields, sealFields } from '../keys/index.ts';
import { closuresView, type SubjectWork, subjectsView } from '../main/subjects-view.ts';
import { correctRecord } from '../pipeline/correct-record.ts';
import type { LiveGrant, LiveMandate } from '../record/grant.ts';
import { walkClosure } from '../retire/closures/index.ts';
import { walkRequest } from '../retire/requests/index.ts';
import { archivedCall } from './archived-call.testing.ts';
import { type ServeScene, serveScene } from './serve-scene.testing.ts';

export type Headers = Record<string, string>;
export const PHONE = '13712345678';
export const ACCOUNT = 'KH-7000777';
export const ZONE = 'Asia/Shanghai';
const KEY = Buffer.alloc(32, 8);
const JSON_TYPE = { 'content-type': 'application/json' };

/** A server over calls of two people, with closures and requests as they are wired, and walks by hand. */
export interface SubjectScene {
  scene: ServeScene;
  db: Db;
  work: SubjectWork;
  clock: ReturnType<typeof fixedClock>;
  /** Officers of compliance, of whom `twin` is the first one's person, and others. */
  people: Record<'officer' | 'second' | 'twin' | 'qa' | 'auditor' | 'regulator', Headers>;
  live: { grants: LiveGrant[]; mandates: LiveMandate[] };
  /** Days that were told of records. */
  anchors: [recordId: string, anchor: string, day: string][];
  /** Records whose opened keys were dropped. */
  dropped: string[];
  call(
    customer: { phone?: string; account?: string },
    more?: { startedAt?: Date; tier?: 'basic' | 'core'; durationS?: number },
  ): Promise<string>;
  stateOf(id: string): Promise<[state: string, restricted: boolean]>;
  post<T>(
    who: Headers,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T & { code?: string; field?: string } }>;
  get<T>(who: Headers, path: string): Promise<{ status: number; body: T & { code?: string } }>;
  /** Does what was asked of the queue. */
  drain(): Promise<void>;
  /** Entered by the officer, granted by the second, and done. */
  granted(body: Record<string, unknown>): Promise<SubjectRequestView>;
}

export async function subjectScene(): Promise<SubjectScene> {
  const clock = fixedClock(new Date('2026-11-20T04:00:00Z'));
  const live: SubjectScene['live'] = { grants: [], mandates: [] };
  // Signatures and keys have tests of their own: here what is in force is said by the test.
  const warrants = {
    liveFor: async (account: string) => ({
      grants: live.grants.filter(({ holderId }) => holderId === account),
      mandates: live.mandates.filter(({ holderId }) => holderId === account),
    }),
  };
  const scene = await serveScene({}, { deps: { warrants: warrants as never } });
  const { db } = scene.intake.database;
  const { vault } = scene.intake;
  const anchors: SubjectScene['anchors'] = [];
  const dropped: string[] = [];
  const queue: (() => Promise<void>)[] = [];
  const { audit, notices, indexKeys, commitmentKey } = scene.serve;
  const work: SubjectWork = {
    ...{ db, clock, audit, notices, indexKeys, commitmentKey, timeZone: ZONE },
    watchKey: Buffer.alloc(32, 9),
    texts: {
      seal: (id, plain) => sealFields(KEY, id, plain, systemRandom),
      open: (id, sealed) => openFields(KEY, id, sealed),
    },
    answerDays: { copy: 15, correction: 15, erasure: 15 },
    setRestricted: (tx, key, restricted) => reclassify(tx, key, { restricted }),
    tellAnchor: async (_tx, recordId, anchor, day) => void anchors.push([recordId, anchor, day]),
    dropKeys: (recordId) => void dropped.push(recordId),
    isKnown: (_field, value) => value !== '没有的值',
    correct: (tx, correction, id, actorId) =>
      correctRecord({ audit }, tx, correction, { id, actor: { id: actorId, role: 'compliance' } }),
    queue: {
      walkClosure: async (_tx, id) => void queue.push(() => walkClosure(work, id)),
      walkRequest: async (_tx, id) => void queue.push(() => walkRequest(work, id)),
    },
  };
  Object.assign(scene.serve, {
    closures: closuresView(work),
    subjects: subjectsView(work, vault),
    vault: { openFor: (object: never) => vault.open(object) },
  });
  const people = {
    officer: await scene.person('compliance', { name: 'officer', personId: 'p1' }),
    second: await scene.person('compliance', { name: 'second', personId: 'p2' }),
    twin: await scene.person('compliance', { name: 'twin', personId: 'p1' }),
    qa: await scene.person('qa'),
    auditor: await scene.person('auditor'),
    regulator: await scene.person('regulator'),
  };
  const asked = async <T>(method: 'GET' | 'POST', who: Headers, path: string, body?: unknown) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const type = text === undefined ? {} : JSON_TYPE;
    const answer = await scene.send(method, `/api/v1${path}`, { ...who, ...type }, text);
    const parsed = JSON.parse(answer.text || '{}') as T & { code?: string; field?: string };
    return { status: answer.status, body: parsed };
  };
  const made: SubjectScene = {
    ...{ scene, db, work, clock, people, live, anchors, dropped },
    async call(
      customer,
      { startedAt = new Date('2026-11-02T02:00:00Z'), tier, durationS = 1 } = {},
    ) {
      const of = tier === undefined ? {} : { tier };
      return (await archivedCall(scene, { durationS, startedAt, customer, ...of })).id;
    },
    async stateOf(id) {
      const row = await db
        .selectFrom('record')
        .innerJoin('call', 'call.id', 'record.id')
        .select(['record.state', 'call.restricted'])
        .where('record.id', '=', id)
        .executeTakeFirstOrThrow();
      return [row.state, row.restricted];
    },
    post: (who, path, body = {}) => asked('POST', who, path, body),
    get: (who, path) => asked('GET', who, path),
    async drain() {
      for (const job of queue.splice(0)) await job();
    },
    async granted(body) {
      const whole = { identity: '核对身份证', receivedOn: '2026-11-20', ...body };
      const entered = await made.post<SubjectRequestView>(
        people.officer,
        '/subject-requests',
        whole,
      );
      if (entered.status !== 201) throw new Error(JSON.stringify(entered.body));
      const path = `/subject-requests/${entered.body.id}/grant`;
      const done = await made.post<SubjectRequestView>(people.second, path);
      if (done.status !== 200) throw new Error(JSON.stringify(done.body));
      await made.drain();
      return done.body;
    },
  };
  return made;
}
