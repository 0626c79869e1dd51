import type { z } from 'zod';
import { RecordMetadataIn } from '../intake.ts';
import { Problem } from '../problem.ts';
import { accessRoutes } from './access-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { Components, type Json } from './components.ts';
import { disposalRoutes } from './disposal-routes.ts';
import { engagementRoutes } from './engagement-routes.ts';
import { holdRoutes } from './hold-routes.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { noticeRoutes } from './notice-routes.ts';
import { originalRoutes } from './original-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { retentionRoutes } from './retention-routes.ts';
import type { Answer, Route } from './route.ts';
import { scimRoutes } from './scim-routes.ts';
import { subjectRoutes } from './subject-routes.ts';
import { systemRoutes } from './system-routes.ts';

export type { Route } from './route.ts';

/** Every route of the archive. */
export const ROUTES: readonly Route[] = [
  ...recordRoutes,
  ...retentionRoutes,
  ...accountRoutes,
  ...accessRoutes,
  ...holdRoutes,
  ...disposalRoutes,
  ...ledgerRoutes,
  ...auditRoutes,
  ...engagementRoutes,
  ...noticeRoutes,
  ...originalRoutes,
  ...subjectRoutes,
  ...scimRoutes,
  ...systemRoutes,
];

const CSRF = 'x-voxkeep-csrf';
const MEDIA_TYPES = ['audio/*', 'video/*', 'application/octet-stream'];

/** The OpenAPI 3.1 document of the HTTP interface; the same at every call. */
export function openApiDocument(): Json {
  const components = new Components();
  const problem = components.schema(Problem, 'output');
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, components, problem) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Voxkeep',
      version: '1',
      description:
        'The HTTP interface of a Voxkeep archive. Who may do what is decided record by record; ' +
        '`x-voxkeep-roles` names the roles that may at all. Every refusal is a problem document ' +
        '(RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.schemas,
      responses: components.responses,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-voxkeep.session_token' },
        serviceKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'vk_…; opens what it was issued for',
        },
      },
    },
  };
}

function operation(route: Route, components: Components, problem: Json): Json {
  const parameters = [
    ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      ...{ name, in: 'path', required: true, schema: pathSchema(name) },
    })),
    ...queryParameters(route.query, components),
    ...headerParameters(route),
  ];
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.more === undefined ? {} : { description: route.more }),
    ...(Array.isArray(route.who) ? { 'x-voxkeep-roles': route.who } : {}),
    security: security(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body, components) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          response(answer, components),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(problemsOf(route))
          .filter(([status]) => !(status in route.answers))
          .map(([status, codes]) => [status, components.problem(codes, problem)]),
      ),
    },
  };
}

function pathSchema(name: string | undefined): Json {
  if (name === 'index' || name === 'n') return { type: 'integer', minimum: 0 };
  if (name === 'provider' || name === 'reference') return { type: 'string' };
  return name === 'path' ? { type: 'string' } : { type: 'string', format: 'uuid' };
}

/** `post /api/v1/accounts/:id/lock` is `postAccountsLock`. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace('/api/v1', '')
    .split(/[/.-]/)
    .filter((word) => word !== '');
  const name = words.filter((word) => !word.startsWith(':'));
  const one = words.at(-1)?.startsWith(':') === true ? ['one'] : [];
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  return method + [...name, ...one].map(capital).join('');
}

/** With those that follow from what the route is. */
export function problemsOf(route: Route): Record<number, string[]> {
  const problems: Record<number, string[]> = {};
  const add = (status: number, ...codes: readonly string[]) => {
    problems[status] = [...new Set([...(problems[status] ?? []), ...codes])];
  };
  const api = route.path.startsWith('/api/');
  const changes = route.method !== 'get';
  const json = route.body !== undefined && typeof route.body !== 'string';
  if (route.query !== undefined || json) add(400, 'REQUEST_INVALID');
  if (json) add(413, 'BODY_TOO_LARGE');
  if (json) add(415, 'CONTENT_TYPE_UNSUPPORTED');
  if (route.who !== 'anyone') add(401, 'NOT_SIGNED_IN');
  if (Array.isArray(route.who) || route.who === 'service-key') {
    add(403, 'FORBIDDEN');
    add(503, 'LEDGER_UNAVAILABLE');
  }
  if (changes) add(403, 'CSRF_REFUSED');
  for (const [status, codes] of Object.entries(route.problems ?? {})) add(Number(status), ...codes);
  add(429, 'RATE_LIMITED');
  if (api) add(500, 'INTERNAL');
  return problems;
}

function security({ who, keyScope }: Route): Json[] {
  if (who === 'anyone') return [];
  if (who === 'person') return [{ session: [] }];
  if (who === 'service-key') return [{ serviceKey: [] }];
  const byKey = keyScope !== undefined || who === 'signed-in' || who.includes('service');
  return [{ session: [] }, ...(byKey ? [{ serviceKey: [] }] : [])];
}

function queryParameters(query: z.ZodObject | undefined, components: Components): Json[] {
  if (query === undefined) return [];
  return Object.entries(query.shape).map(([name, type]) => {
    const schema = components.schema(type as z.ZodType, 'input');
    const isList = Array.isArray(schema.anyOf) && schema.anyOf.some((one) => one.type === 'array');
    return {
      ...{ name, in: 'query', required: false, schema },
      ...(isList ? { style: 'form', explode: true } : {}),
    };
  });
}

function headerParameters(route: Route): Json[] {
  const given = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    ...{ name, in: 'header', required: false, description, schema: { type: 'string' } },
  }));
  if (route.method === 'get') return given;
  const description = 'any value; needed without an Authorization header, against foreign pages';
  const csrf = { name: CSRF, in: 'header', required: false, description };
  return [...given, { ...csrf, schema: { type: 'string' } }];
}

function requestBody(body: NonNullable<Route['body']>, components: Components): Json {
  if (body === 'vcon') {
    const schema = { type: 'object', description: 'a vCon with its recording inline' };
    const bytes = { schema: { type: 'string', format: 'binary' } };
    const content = { 'application/vcon+json': { schema }, 'application/gzip': bytes };
    return { required: true, content };
  }
  if (body !== 'upload') {
    const schema = components.schema(body, 'input');
    return { required: true, content: { 'application/json': { schema } } };
  }
  const file = (says: string) => ({ type: 'string', format: 'binary', description: says });
  const screenshots = { type: 'array', maxItems: 20, items: file('PNG, JPEG or WebP') };
  return {
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          required: ['metadata', 'media'],
          additionalProperties: false,
          properties: {
            metadata: components.schema(RecordMetadataIn, 'input'),
            media: file('the recording, with a file name; what it is the archive finds out'),
            transcript: file('own JSON, WebVTT, SRT, OpenAI verbose_json or vCon WTF'),
            screenshots,
          },
        },
        encoding: {
          metadata: { contentType: 'application/json' },
          media: { contentType: MEDIA_TYPES.join(', ') },
          screenshots: { contentType: 'image/png, image/jpeg, image/webp' },
        },
      },
    },
  };
}

function response(answer: Answer, components: Components): Json {
  const { says: description, schema, bytes, headers } = answer;
  const content =
    schema !== undefined
      ? { 'application/json': { schema: components.schema(schema, 'output') } }
      : Object.fromEntries((bytes ?? []).map((type) => [type, {}]));
  return {
    description,
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, says]) => [
              name,
              { description: says, schema: { type: 'string' } },
            ]),
          ),
        }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}
