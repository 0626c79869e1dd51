import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes bodies of any length, for as long as they take, from whoever may send them. */
    upload?: boolean;
  }
}

/** How long the body of a request may take to come that is no upload. */
const BODY_MS = 30_000;
/** How long a sender may go on after the answer, which it does not read while it sends. */
const AFTER_ANSWER_MS = 5000;

/**
 * Ends connections whose bodies come for ever: anyone could hold as many as there are, without
 * having signed in.
 */
export function endSlowBodies(app: FastifyInstance, bodyMs = BODY_MS): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.upload !== true) endAfter(request, bodyMs);
  });
  app.addHook('onResponse', async (request) => {
    endAfter(request, Math.min(bodyMs, AFTER_ANSWER_MS));
    // The rest of an upload that was refused half-way: unread, it would hold up the next request.
    if (!request.raw.complete) request.raw.unpipe().resume();
  });
}

function endAfter({ raw }: FastifyRequest, ms: number): void {
  if (raw.complete || !hasBody(raw.headers)) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, ms);
  timer.unref();
  raw.once('close', () => clearTimeout(timer));
}

const hasBody = (headers: FastifyRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
