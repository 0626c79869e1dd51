import type { FastifyInstance } from 'fastify';

/** Which methods a path answers to, so that a wrong one is told the right ones. */
export class RouteTable {
  readonly #routes: { pattern: RegExp; url: string; method: string }[] = [];

  /** To be called before any route is registered. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) this.#add(one, url);
    });
  }

  /** Sorted; empty where there is nothing. */
  methodsAt(path: string): string[] {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.map(({ method }) => method))].sort();
  }

  #add(method: string, url: string): void {
    const pattern = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    this.#routes.push({ method, url, pattern: new RegExp(`^${pattern}$`) });
  }
}
