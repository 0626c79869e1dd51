import type { FastifyRequest } from 'fastify';
import {
  type Action,
  type ApiScope,
  type Decision,
  decide,
  GRANTABLE,
  passOf,
  type RecordFacts,
  scopeDecision,
  scopeRefusal,
  type Viewer,
} from '../../access/index.ts';
import type { Actor, AuditEntry } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { Pass } from '../../record/vault.ts';
import type { ServeDeps } from '../ports.ts';
import { type RestrictionFacts, restrictionOf, restrictionWords } from '../restriction-of.ts';
import { noteJudged } from './route-rule.ts';

/** A refusal by policy: which rule, and whom to ask. */
export class Refused extends ArchiveError<'FORBIDDEN' | 'RECORD_RESTRICTED'> {
  readonly rule: string;
  readonly askWhom: string | undefined;
  /** Of a restricted record: the first day on which it may go, and the profile that says so. */
  readonly keepUntil: string | undefined;
  readonly keptBy: string | undefined;
  constructor(
    decision: Decision & { allowed: false },
    language: 'zh' | 'en',
    restriction?: RestrictionFacts,
  ) {
    super(
      restriction === undefined ? 'FORBIDDEN' : 'RECORD_RESTRICTED',
      `refused by ${decision.rule}`,
      {
        publicMessage:
          restriction === undefined
            ? decision.reason[language]
            : restrictionWords(restriction, language),
      },
    );
    const { term } = restriction ?? {};
    this.keepUntil = term?.openEnded === true ? undefined : term?.keepUntil;
    this.keptBy = term?.rule;
    this.rule = decision.rule;
    this.askWhom = decision.askWhom;
  }
}

/** Somebody who may do something with a record. */
export interface Allowed<F extends RecordFacts = RecordFacts> {
  viewer: Viewer;
  facts: F;
  /** What the key room is shown for its objects. */
  pass: Pass;
  /** What the ledger is told of it: who, on what, and by which grant where it takes one. */
  entry: Pick<AuditEntry, 'actor' | 'resource' | 'requestId' | 'purpose' | 'outcome'> & {
    detail: NonNullable<AuditEntry['detail']>;
  };
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
  allow(
    request: FastifyRequest,
    action: Action,
    facts?: RecordFacts,
    narrow?: (viewer: Viewer) => Viewer,
  ): Promise<Viewer>;
  /** The service whose key was issued for this; else NOT_SIGNED_IN, or FORBIDDEN, on the ledger. */
  service(request: FastifyRequest, scope: ApiScope): Promise<Viewer>;
  /** Without a word on the ledger: what else an answer may hold. */
  mayAtAll(viewer: Viewer, action: Action): boolean;
  /** Who reads the log as it is: whoever may read the ledger, by session or by a key for that. */
  readsLog(request: FastifyRequest): Promise<Actor>;
  /** The viewer, when the policy allows one of the actions; else FORBIDDEN by the first. */
  allowOne(request: FastifyRequest, actions: readonly [Action, ...Action[]]): Promise<Viewer>;
  /**
   * The same on a record, which is looked up only for someone who has signed in. `narrow` takes from
   * the viewer what is not to count here.
   */
  allowOn<F extends RecordFacts>(
    request: FastifyRequest,
    action: Action,
    find: () => Promise<F>,
    narrow?: (viewer: Viewer) => Viewer,
  ): Promise<Allowed<F>>;
}

export function createGate(
  deps: Pick<ServeDeps, 'db' | 'clock' | 'audit' | 'timeZone'> & {
    warrants: Pick<ServeDeps['warrants'], 'liveFor'>;
  },
  authenticate: (request: FastifyRequest, use?: { counts: boolean }) => Promise<Viewer | undefined>,
): Gate {
  const viewer = async (request: FastifyRequest, use?: { counts: boolean }) => {
    const found = await authenticate(request, use);
    if (found === undefined) throw new ArchiveError('NOT_SIGNED_IN', 'sign in first');
    noteJudged(request, 'signed-in');
    if (!mayHoldGrants(found.role)) return found;
    // Without a person number there is nobody whom anything was signed for.
    const { actorId, personRef = '' } = found;
    return { ...found, ...(await deps.warrants.liveFor(actorId, deps.clock.now(), personRef)) };
  };
  const mayAtAll = (who: Viewer, action: Action) =>
    decide(who, action, undefined, deps.clock, deps.timeZone).allowed;
  const judge = async (
    request: FastifyRequest,
    who: Viewer,
    action: Action,
    facts: RecordFacts | undefined,
  ): Promise<Decision & { allowed: true }> => {
    const decision =
      who.scopes === undefined
        ? decide(who, action, facts, deps.clock, deps.timeZone)
        : scopeDecision(who.scopes, action);
    if (decision.allowed) {
      noteJudged(request, action);
      return decision;
    }
    return refuse(request, who, decision, { action: ledgerAction(action), wanted: action, facts });
  };
  const refuse = async (
    request: FastifyRequest,
    who: Viewer,
    decision: Decision & { allowed: false },
    about: { action: string; wanted: string; facts?: RecordFacts | undefined },
  ): Promise<never> => {
    await deps.db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        actor: { id: who.actorId, role: who.role },
        action: about.action,
        outcome: 'refused',
        requestId: request.id,
        ...(about.facts === undefined ? {} : { resource: about.facts.id }),
        detail: { rule: decision.rule, wanted: about.wanted },
      }),
    );
    const { facts } = about;
    const restriction =
      facts !== undefined && decision.rule.endsWith('.restricted')
        ? await restrictionOf(deps.db, facts.id)
        : undefined;
    throw new Refused(decision, languageOf(request), restriction);
  };
  const demandScope = async (request: FastifyRequest, who: Viewer, scope: ApiScope) => {
    const refused = scopeRefusal(who, scope);
    if (refused === undefined) return;
    const action = SCOPE_ACTS[scope];
    await refuse(request, who, refused, { action, wanted: `key:${scope}` });
  };
  const service = async (request: FastifyRequest, scope: ApiScope) => {
    const who = await viewer(request);
    await demandScope(request, who, scope);
    noteJudged(request, `key:${scope}`);
    return who;
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
    async allow(request, action, facts, narrow = (one) => one) {
      const who = narrow(await viewer(request));
      await judge(request, who, action, facts);
      return who;
    },
    service,
    mayAtAll,
    async readsLog(request) {
      const who = await viewer(request);
      if (who.scopes === undefined) await judge(request, who, 'ledger', undefined);
      else await demandScope(request, who, 'witness');
      noteJudged(request, 'ledger');
      return { id: who.actorId, role: who.role };
    },
    async allowOne(request, actions) {
      const who = await viewer(request);
      const allowed = actions.find((one) => mayAtAll(who, one));
      await judge(request, who, allowed ?? actions[0], undefined);
      noteJudged(request, actions);
      return who;
    },
    async allowOn(request, action, find, narrow = (one) => one) {
      const who = narrow(await viewer(request));
      const facts = await find();
      const decision = await judge(request, who, action, facts);
      const { granting } = decision;
      return {
        ...{ viewer: who, facts, pass: passOf(who, decision) },
        entry: {
          ...{ actor: { id: who.actorId, role: who.role }, resource: facts.id, outcome: 'ok' },
          ...{ requestId: request.id, detail: granting === undefined ? {} : { by: granting.id } },
          ...(granting === undefined ? {} : { purpose: { category: granting.category } }),
        },
      };
    },
  };
}

const mayHoldGrants = (role: Viewer['role']) =>
  role === 'regulator' || GRANTABLE[role] !== undefined;

export function languageOf(request: FastifyRequest): 'zh' | 'en' {
  return request.headers['accept-language']?.startsWith('en') === true ? 'en' : 'zh';
}

const SCOPE_ACTS: Record<ApiScope, string> = {
  intake: 'record.intake',
  status: 'job.list',
  witness: 'ledger.read',
  scim: 'account.change',
  closure: 'subject.closure',
};

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
    hold: 'hold.create',
    audits: 'audit.view',
    engage: 'engagement.open',
    examine: 'engagement.view',
    retention: 'retention.change',
    original: 'record.original',
    attachment: 'record.screenshot',
    download: 'record.download',
    export: 'record.export',
    close_account: 'subject.closure',
    restrict: 'record.restrict',
  };
  return names[action] ?? 'record.view';
}
