import type pg from 'pg';
import { issueTypes, type Rules, segments } from '../classify/index.ts';
import { errorKind } from '../core/error-kind.ts';
import { correctRecord } from '../pipeline/correct-record.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { startSubjectWorkers, subjectQueue } from '../platform/queue/subject-queue.ts';
import type { Vault } from '../record/vault.ts';
import { unwalkedClosures, walkClosure } from '../retire/closures/index.ts';
import {
  type SubjectDeps,
  tellDeadlines,
  unwalkedRequests,
  walkRequest,
} from '../retire/requests/index.ts';
import type { ClosuresPort, SubjectsPort } from '../serve/ports.ts';
import type { Closers } from './closers.ts';
import type { Config } from './config.ts';
import { retentionInForce } from './retention-in-force.ts';
import { answerDaysOf } from './subject-settings.ts';
import { closuresView, type SubjectWork, subjectsView } from './subjects-view.ts';
import { restrictDepsOf } from './wire-pipeline.ts';

const TELL_EVERY_MS = 60_000;

type Given = Pick<
  SubjectDeps,
  'db' | 'clock' | 'audit' | 'notices' | 'indexKeys' | 'watchKey' | 'commitmentKey'
>;

/**
 * What closed accounts and persons ask for: works what was begun, also before the archive was stopped or
 * rebuilt, tells of deadlines, and gives what the server does with it.
 */
export async function openSubjects(
  config: Config,
  parts: Given &
    Pick<SubjectDeps, 'texts' | 'dropKeys'> & {
      pool: pg.Pool;
      vault: Pick<Vault, 'open'>;
      /** Asked at each call: they reload. */
      rules: () => Rules;
      log: EventLog;
      closers: Closers;
    },
): Promise<{ closures: ClosuresPort; subjects: SubjectsPort }> {
  const { pool, vault, rules, log, closers, ...given } = parts;
  const { timeZone } = config;
  const terms = { clock: given.clock, timeZone, rules: await retentionInForce(config) };
  const deps: SubjectWork = {
    ...{ ...restrictDepsOf(given, terms), ...given, timeZone, queue: subjectQueue },
    answerDays: answerDaysOf(config.subjectAnswerDays),
    isKnown: (field, value) => isKnown(rules(), field, value),
    correct: (tx, correction, id, actorId) =>
      correctRecord(given, tx, correction, { id, actor: { id: actorId, role: 'compliance' } }),
  };
  const workers = await startSubjectWorkers({
    pool,
    walkClosure: (id) => walkClosure(deps, id),
    walkRequest: (id) => walkRequest(deps, id),
    onError: (task, error) => log.error('job failed', { task, kind: errorKind(error) }),
  });
  closers.add(() => workers.stop());
  await resume(deps);
  closers.add(startTelling(deps, log));
  return { closures: closuresView(deps), subjects: subjectsView(deps, vault) };
}

/** Jobs are not in a journal: what a stopped or rebuilt archive had not done is asked for again. */
async function resume(deps: SubjectWork): Promise<void> {
  const closures = await unwalkedClosures(deps.db);
  const requests = await unwalkedRequests(deps.db);
  await deps.db.transaction().execute(async (tx) => {
    for (const id of closures) await deps.queue.walkClosure(tx, id);
    for (const id of requests) await deps.queue.walkRequest(tx, id);
  });
}

/** A value that calls can have there, and that is nobody's number. */
function isKnown(rules: Rules, field: 'segment' | 'team' | 'issueType', value: string): boolean {
  if (field === 'team') return !/\d{7,}/.test(value);
  const known = field === 'segment' ? segments(rules) : issueTypes(rules);
  return known.some(({ id }) => id === value);
}

function startTelling(deps: SubjectWork, log: EventLog): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const tell = () => {
    running = running
      .then(() => tellDeadlines(deps))
      .catch((error: unknown) => log.warn('deadlines of requests', { kind: errorKind(error) }));
  };
  tell();
  const timer = setInterval(tell, TELL_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
