import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { errorKind } from '../../core/error-kind.ts';
import { ArchiveError } from '../../core/errors.ts';
import { problemOf } from '../problem.ts';
import { answerBadAddress, answerUnreadable } from './raw-answers.ts';
import { RouteTable } from './route-table.ts';
import { endSlowBodies } from './slow-bodies.ts';

export interface ServerOptions {
  key: string;
  certificate: string;
  /** The built browser part; without it the API alone is served. */
  webFolder: string | undefined;
  mediaBytes: number;
  extraStatus: Record<string, number>;
  onRequest(event: {
    requestId: string;
    method: string;
    route: string;
    status: number;
    ms: number;
  }): void;
  onFailure(event: { requestId: string; route: string; kind: string; error: unknown }): void;
  /** Mounts the API below /api/v1. */
  api(app: FastifyInstance, table: RouteTable): Promise<void> | void;
  /** Mounts /healthz, /readyz, /metrics. */
  operations(app: FastifyInstance): Promise<void> | void;
}

const MUTATING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const PROBLEM = 'application/problem+json';
const RETRY_AFTER_S = 5;

/**
 * The HTTPS server: TLS 1.2 and newer, strict headers, limits, request ids, one shape of errors.
 * A changing request that a browser sends must come from the archive's own pages.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    https: { key: options.key, cert: options.certificate, minVersion: 'TLSv1.2' },
    genReqId: () => randomUUID(),
    bodyLimit: 1024 * 1024,
    requestTimeout: 0,
    connectionTimeout: 0,
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      const problem = answerBadAddress(error, request.id);
      void (reply as unknown as FastifyReply).code(problem.status).type(PROBLEM).send(problem);
    },
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 30_000;
  const routes = new RouteTable();
  routes.watch(app);

  endSlowBodies(app);

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: { maxAge: 31_536_000 },
  });
  await app.register(rateLimit, { max: 3000, timeWindow: '1 minute' });
  await app.register(multipart, {
    limits: {
      fileSize: options.mediaBytes + 1,
      fieldSize: 4 * 1024 * 1024,
      files: 24,
      fields: 8,
      parts: 32,
      headerPairs: 100,
    },
    throwFileSizeLimit: false,
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (MUTATING.has(request.method)) {
      refuseForeignPage(request.headers);
      refuseOtherCharset(request.headers['content-type']);
    }
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    passOver(request.raw);
    const route = request.routeOptions.url ?? 'none';
    const { statusCode: status, elapsedTime: ms } = reply;
    options.onRequest({ requestId: request.id, method: request.method, route, status, ms });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, options.extraStatus);
    if (problem.status >= 500) {
      const route = request.routeOptions.url ?? 'none';
      const kind = errorKind(error);
      options.onFailure({ requestId: request.id, route, kind, error });
    }
    if (error instanceof ArchiveError && error.retry === 'later' && problem.status !== 500) {
      reply.header('retry-after', RETRY_AFTER_S);
    }
    return reply.code(problem.status).type(PROBLEM).send(problem);
  });

  await options.operations(app);
  await app.register(async (api) => options.api(api, routes), { prefix: '/api/v1' });
  await serveWeb(app, options.webFolder, routes);
  return app;
}

/** Cookies are same-site; a page elsewhere that still gets through is stopped by this. */
function refuseForeignPage(headers: Record<string, string | string[] | undefined>): void {
  if (headers.authorization !== undefined) return;
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  const own = headers['x-voxkeep-csrf'] !== undefined;
  if (foreign || !own) {
    const message = 'changing requests need the header x-voxkeep-csrf and come from our own pages';
    throw new ArchiveError('CSRF_REFUSED', message);
  }
}

/** JSON is UTF-8 (RFC 8259); text that is not would be stored garbled. */
function refuseOtherCharset(contentType: string | undefined): void {
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? '') ?? [];
  if (['utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase())) return;
  throw new ArchiveError('CONTENT_TYPE_UNSUPPORTED', 'text has to be sent as UTF-8');
}

/**
 * The rest of a body whose request is answered already. Unread it would stay on the connection, and
 * a browser's next request behind it for ever.
 */
function passOver(body: IncomingMessage): void {
  if (body.readableEnded || body.destroyed) return;
  body.unpipe();
  body.resume();
}

async function serveWeb(
  app: FastifyInstance,
  folder: string | undefined,
  routes: RouteTable,
): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built) {
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, rule: 'public' };
    });
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      // The build puts x.js.br and x.js.gz beside x.js; nothing is compressed while somebody waits.
      preCompressed: true,
      setHeaders: (reply, path) => {
        // Names of built files hold their hash; the page that names them does not.
        const lasting = path.includes('/assets/');
        reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (built && isPage(request, path)) {
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    }
    const methods = routes.methodsAt(path);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    const error =
      methods.length === 0
        ? new ArchiveError('NOT_FOUND', 'there is nothing at this address')
        : new ArchiveError('METHOD_NOT_ALLOWED', `here only ${methods.join(', ')}`);
    const problem = problemOf(error, request.id);
    return reply.code(problem.status).type(PROBLEM).send(problem);
  });
}

/** A browser asks for one of the pages, whose addresses only the browser part knows. */
function isPage({ method, headers }: FastifyRequest, path: string): boolean {
  if (method !== 'GET' || headers.accept?.includes('text/html') !== true) return false;
  return !/^\/(?:api(?:\/|$)|\/)/i.test(path) && !/\.[a-z0-9]+$/i.test(path);
}
