import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { problemOf } from '../problem.ts';

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
  api(app: FastifyInstance): Promise<void> | void;
  /** Mounts /healthz, /readyz, /metrics. */
  operations(app: FastifyInstance): Promise<void> | void;
}

const MUTATING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

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
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = 30_000;

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
    if (MUTATING.has(request.method)) refuseForeignPage(request.headers);
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const { statusCode: status, elapsedTime: ms } = reply;
    options.onRequest({ requestId: request.id, method: request.method, route, status, ms });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request.id, options.extraStatus);
    if (problem.status >= 500) {
      const route = request.routeOptions.url ?? 'none';
      const kind = error instanceof ArchiveError ? error.code : (error as Error).name;
      options.onFailure({ requestId: request.id, route, kind, error });
    }
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });

  await options.operations(app);
  await app.register(async (api) => options.api(api), { prefix: '/api/v1' });
  await serveWeb(app, options.webFolder);
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

async function serveWeb(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const notFound = (id: string) =>
    problemOf(new ArchiveError('NOT_FOUND', 'there is nothing at this address'), id);
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).type('application/problem+json').send(notFound(request.id)),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    setHeaders: (reply, path) => {
      // Names of built files hold their hash; the page that names them does not.
      const lasting = path.includes('/assets/');
      reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && !request.url.startsWith('/api/');
    if (page && !/\.[a-z0-9]+$/i.test(request.url.split('?')[0] ?? '')) {
      return reply.header('cache-control', 'no-cache').sendFile('index.html');
    }
    return reply.code(404).type('application/problem+json').send(notFound(request.id));
  });
}
