import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Action, ApiScope } from '../../access/index.ts';

/**
 * Who gets through a route: whoever reaches the port; whoever has signed in, by session or key; a
 * person with a session; a service whose key is for that; or whose policy allows the action, or one
 * of them.
 */
export type RouteRule =
  | 'public'
  | 'signed-in'
  | 'person'
  | `key:${ApiScope}`
  | Action
  | readonly Action[];

declare module 'fastify' {
  interface FastifyContextConfig {
    rule?: RouteRule;
  }
}

/** Options of a route that is under this rule; the server does not start with a route under none. */
export const may = (rule: RouteRule, more: FastifyContextConfig = {}) => ({
  config: { ...more, rule },
});

const judged = new WeakMap<FastifyRequest, Set<string>>();

/** To be called by who has judged a request, before anything is done for it. */
export function noteJudged(request: FastifyRequest, rule: RouteRule): void {
  const rules = judged.get(request) ?? new Set();
  judged.set(request, rules.add(nameOf(rule)));
}

/** Whether the rule of the request's own route was asked; a route for everyone has none to ask. */
export function isJudged(request: FastifyRequest): boolean {
  const { rule } = request.routeOptions.config;
  if (rule === undefined) return false;
  return rule === 'public' || judged.get(request)?.has(nameOf(rule)) === true;
}

const nameOf = (rule: RouteRule): string => [rule].flat().join(' or ');
