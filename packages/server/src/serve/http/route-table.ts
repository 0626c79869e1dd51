import type { FastifyInstance, RouteOptions } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { isJudged, type RouteRule } from './route-rule.ts';

/** A route as the router has it. */
export interface RuledRoute {
  method: string;
  url: string;
  rule: RouteRule;
}

/**
 * What the router really has: which methods a path answers to, so that a wrong one is told the right
 * ones, and which rule each route is under. A server with a route under no rule does not start, and
 * an answer for which nobody asked the route's rule does not leave.
 */
export class RouteTable {
  readonly #routes: { pattern: RegExp; options: RouteOptions; method: string }[] = [];

  /** To be called before any route is registered. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', (options) => {
      for (const method of [options.method].flat()) this.#add(method, options);
    });
    app.addHook('onReady', async () => this.#demandRules());
    app.addHook('onSend', async (request, reply) => {
      // Pages of the browser part are at addresses that only it knows; they are files for everyone.
      if (reply.statusCode >= 400 || request.is404 || isJudged(request)) return;
      const route = `${request.method} ${request.routeOptions.url ?? 'none'}`;
      throw new ArchiveError('RULE_NOT_JUDGED', `${route} would answer without its rule`);
    });
  }

  /** Sorted; empty where there is nothing. */
  methodsAt(path: string): string[] {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.map(({ method }) => method))].sort();
  }

  /** Every route with its rule, by address and method. */
  routes(): RuledRoute[] {
    return this.#routes
      .map(({ method, options }) => ({
        ...{ method, url: options.url, rule: options.config?.rule ?? [] },
      }))
      .sort((a, b) => a.url.localeCompare(b.url) || a.method.localeCompare(b.method));
  }

  #demandRules(): void {
    const bare = this.#routes.filter(({ options }) => options.config?.rule === undefined);
    if (bare.length === 0) return;
    const names = bare.map(({ method, options }) => `${method} ${options.url}`).join(', ');
    throw new ArchiveError('ROUTE_WITHOUT_RULE', `no rule says who may use ${names}`);
  }

  #add(method: string, options: RouteOptions): void {
    const pattern = options.url
      .split('/')
      .map((part) => {
        if (part === '*') return '.+';
        return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      })
      .join('/');
    this.#routes.push({ method, options, pattern: new RegExp(`^${pattern}$`) });
  }
}
