import type { FastifyRequest } from 'fastify';
import {
  type Action,
  type Decision,
  decide,
  type RecordFacts,
  type Viewer,
} from '../../access/index.ts';
import type { Actor } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { ServeDeps } from '../ports.ts';
import { noteJudged } from './route-rule.ts';

/** A refusal by policy: which rule, and whom to ask. */
export class Refused extends ArchiveError<'FORBIDDEN'> {
  readonly rule: string;
  readonly askWhom: string | undefined;
  constructor(decision: Decision & { allowed: false }, language: 'zh' | 'en') {
    super('FORBIDDEN', `refused by ${decision.rule}`, { publicMessage: decision.reason[language] });
    this.rule = decision.rule;
    this.askWhom = decision.askWhom;
  }
}

/** Stands before every route: who is it, and may they. */
export interface Gate {
  /** Rejects with NOT_SIGNED_IN. */
  viewer(request: FastifyRequest): Promise<Viewer>;
  /**
   * The same for people with a session; a service that came with a key has none to speak of. What a
   * page asks by itself does not `counts` as use of the session.
   */
  person(request: FastifyRequest, use?: { counts: boolean }): Promise<Viewer>;
  /** The viewer, when the policy allows the action on these facts; else FORBIDDEN, on the ledger. */
  allow(request: FastifyRequest, action: Action, facts?: RecordFacts): Promise<Viewer>;
  /** Who reads the log as it is: whoever may read the ledger, by session or by a key for that. */
  readsLog(request: FastifyRequest): Promise<Actor>;
  /** The same on a record, which is looked up only for someone who has signed in. */
  allowOn<F extends RecordFacts>(
    request: FastifyRequest,
    action: Action,
    find: () => Promise<F>,
  ): Promise<{ viewer: Viewer; facts: F }>;
}

export function createGate(
  deps: Pick<ServeDeps, 'db' | 'clock' | 'audit' | 'timeZone'>,
  authenticate: (request: FastifyRequest, use?: { counts: boolean }) => Promise<Viewer | undefined>,
): Gate {
  const viewer = async (request: FastifyRequest, use?: { counts: boolean }) => {
    const found = await authenticate(request, use);
    if (found === undefined) throw new ArchiveError('NOT_SIGNED_IN', 'sign in first');
    noteJudged(request, 'signed-in');
    return found;
  };
  const judge = async (
    request: FastifyRequest,
    who: Viewer,
    action: Action,
    facts: RecordFacts | undefined,
  ): Promise<Viewer> => {
    const decision = decide(who, action, facts, deps.clock, deps.timeZone);
    if (decision.allowed) {
      noteJudged(request, action);
      return who;
    }
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        actor: { id: who.actorId, role: who.role },
        action: ledgerAction(action),
        outcome: 'refused',
        requestId: request.id,
        ...(facts === undefined ? {} : { resource: facts.id }),
        detail: { rule: decision.rule, wanted: action },
      }),
    );
    throw new Refused(decision, languageOf(request));
  };
  return {
    viewer: (request) => viewer(request),
    async person(request, use) {
      const found = await viewer(request, use);
      if (found.sessionId === undefined) {
        throw new ArchiveError('NOT_SIGNED_IN', 'this is for people with a session');
      }
      noteJudged(request, 'person');
      return found;
    },
    async allow(request, action, facts) {
      return judge(request, await viewer(request), action, facts);
    },
    async readsLog(request) {
      const who = await judge(request, await viewer(request), 'ledger', undefined);
      return { id: who.actorId, role: who.role };
    },
    async allowOn(request, action, find) {
      const who = await viewer(request);
      const facts = await find();
      return { viewer: await judge(request, who, action, facts), facts };
    },
  };
}

export function languageOf(request: FastifyRequest): 'zh' | 'en' {
  return request.headers['accept-language']?.startsWith('en') === true ? 'en' : 'zh';
}

/** Under which act a refused attempt stands in the ledger. */
function ledgerAction(action: Action): string {
  const names: Partial<Record<string, string>> = {
    ingest: 'record.intake',
    search: 'record.search',
    view: 'record.view',
    stream: 'record.play',
    read_transcript: 'record.transcript',
    trail: 'record.trail',
    jobs: 'job.list',
    retry_job: 'job.retry',
    accounts: 'account.change',
    api_keys: 'apikey.create',
    configure: 'config.reload',
    status: 'job.list',
    ledger: 'ledger.read',
  };
  return names[action] ?? 'record.view';
}
