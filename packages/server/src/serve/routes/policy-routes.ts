import { type PolicyAnswers, PolicyQuestions, type RoutesView } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { decide, type RecordFacts, type Viewer } from '../../access/index.ts';
import { check } from '../http/check.ts';
import { type Gate, languageOf } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { ServeDeps } from '../ports.ts';

type Question = PolicyQuestions['cells'][number];

/** Who looks after the rules, and who oversees that they are kept. */
const OVERSEERS = ['configure', 'audits'] as const;
const QUESTION_BYTES = 16 * 1024 * 1024;

/**
 * What the policy would say, by the very function that judges requests, of viewers and records that
 * need not exist; and which rule each route is under. Neither opens anything.
 */
export function policyRoutes(
  app: FastifyInstance,
  deps: ServeDeps,
  gate: Gate,
  table: RouteTable,
): void {
  const explain = { ...may(OVERSEERS), bodyLimit: QUESTION_BYTES };
  app.post('/access/decide', explain, async (request): Promise<PolicyAnswers> => {
    await gate.allowOne(request, OVERSEERS);
    const { cells } = check(PolicyQuestions, request.body, 'body');
    const language = languageOf(request);
    const present = deps.clock.now();
    return {
      decisions: cells.map((cell) => {
        const now = cell.now === undefined ? present : new Date(cell.now);
        const facts = cell.record === undefined ? undefined : factsOf(cell.record);
        const clock = { now: () => now };
        const decision = decide(viewerOf(cell), cell.action, facts, clock, deps.timeZone);
        if (decision.allowed) return { allowed: true, rule: decision.rule };
        const { rule, reason, askWhom } = decision;
        return {
          allowed: false,
          rule,
          reason: reason[language],
          ...(askWhom === undefined ? {} : { askWhom }),
        };
      }),
    };
  });

  app.get('/routes', may(OVERSEERS), async (request): Promise<RoutesView> => {
    await gate.allowOne(request, OVERSEERS);
    return {
      routes: table.routes().map(({ method, url, rule }) => ({
        ...{ method, path: url, rule: [rule].flat() },
      })),
    };
  });
}

/** JSON knows no undefined: what is there has a value. */
type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const given = <T extends object>(parsed: T) => parsed as Given<T>;

function viewerOf({ viewer, grants, mandates, record }: Question): Viewer {
  const times = ({ since, until }: { since: string; until: string }) => ({
    ...{ since: new Date(since), until: new Date(until) },
  });
  return {
    ...{ ...given(viewer), username: viewer.actorId, displayName: viewer.actorId },
    grants: grants.map((grant, at) => ({
      ...{ ...grant, ...times(grant), id: `grant ${at}`, kind: 'records', category: 'audit' },
      // A call does not change its beginning: the record in question has the one that was seen.
      records: grant.records.map((seen) => ({
        ...{ ...seen, startedAt: new Date(record?.startedAt ?? 0).toISOString() },
      })),
    })),
    mandates: mandates.map((mandate, at) => ({
      ...{ ...mandate, ...times(mandate), id: `mandate ${at}`, category: 'regulator' },
      scope: given(mandate.scope),
    })),
  };
}

function factsOf(record: NonNullable<Question['record']>): RecordFacts {
  const { case: assigned, ...rest } = given(record);
  return {
    ...{ ...rest, startedAt: new Date(record.startedAt) },
    ...(assigned === undefined ? {} : { case: given(assigned) }),
  };
}
