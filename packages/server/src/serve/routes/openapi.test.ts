import { PolicyAction } from '@voxkeep/contract';
import { openApiDocument, problemsOf, ROUTES } from '@voxkeep/contract/openapi';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { ACCESS_STATUS } from '../../access/index.ts';
import { ACTIONS, type Action, rolesFor } from '../../access/policy-table.ts';
import { REQUEST_STATUS } from '../../access/requests/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { RouteTable, type RuledRoute } from '../http/route-table.ts';
import { problemOf } from '../problem.ts';
import { healthRoutes, Metrics } from './health-routes.ts';
import { mountApi, mountLog, mountProviders, mountScim } from './mount-api.ts';

type Json = Record<string, unknown>;
const document = openApiDocument() as Json & {
  paths: Record<string, Record<string, Json>>;
  components: Record<string, Record<string, Json>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What Fastify really answers to, with its rule; HEAD comes with every GET. */
async function registered(): Promise<RuledRoute[]> {
  const app = Fastify();
  const table = new RouteTable();
  table.watch(app);
  const nobody = {} as never;
  healthRoutes(app, {
    ...{ operations: nobody, sites: nobody, drills: nobody, metrics: new Metrics() },
  });
  mountLog(app, {} as never, { close: async () => undefined } as never);
  mountProviders(app, { signIn: {} } as never);
  await mountScim(app, { signIn: {} } as never);
  await app.register(async (api) => mountApi(api, { signIn: {} } as never, {} as never, table), {
    prefix: '/api/v1',
  });
  await app.close();
  return table
    .routes()
    .filter(({ method }) => method !== 'HEAD')
    .map((route) => ({ ...route, url: route.url.replace('*', ':path') }));
}

it('describes every route that is served, and no other', async () => {
  const described = operations.map(
    ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
  );
  const live = (await registered()).map(({ method, url }) => `${method} ${url}`);
  expect(described.sort()).toEqual(live.sort());
});

it('says of every route the rule that it is really under', async () => {
  const live = await registered();
  for (const { method, path, who, action } of ROUTES) {
    const route = live.find((one) => one.method === method.toUpperCase() && one.url === path);
    const rule = who === 'anyone' ? 'public' : (action ?? who);
    expect(route?.rule, `${method} ${path}`).toEqual(rule);
  }
});

it('names for each action the roles that the policy gives it to', () => {
  for (const { action, who, path, method } of ROUTES) {
    if (typeof who === 'string') continue;
    const roles = new Set([action ?? []].flat().flatMap((one) => [...rolesFor(one as Action)]));
    expect([...who].sort(), `${method} ${path}`).toEqual([...roles].sort());
  }
});

it('explains every action that the policy knows', () => {
  expect([...PolicyAction.options].sort()).toEqual([...ACTIONS].sort());
});

it('gives every code the status that the server answers with', () => {
  for (const route of ROUTES) {
    for (const [status, codes] of Object.entries(problemsOf(route))) {
      for (const code of codes) {
        const problem = problemOf(new ArchiveError(code, 'x'), 'r1', {
          ...ACCESS_STATUS,
          ...REQUEST_STATUS,
        });
        expect([code, problem.status]).toEqual([code, Number(status)]);
      }
    }
  }
});

it('is OpenAPI 3.1 with every reference in place', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: 'Voxkeep', version: '1' });
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = reference[1]
      ?.split('/')
      .reduce<unknown>((at, key) => (at as Json)[key], document);
    expect(found, reference[1]).toBeTypeOf('object');
  }
  for (const [kind, entries] of Object.entries(document.components)) {
    for (const name of Object.keys(entries)) expect(name, kind).toMatch(/^[a-zA-Z0-9._-]+$/);
  }
});

it('has for each operation a name of its own, its path’s parameters, and known answers', () => {
  const ids = operations.map(({ operation }) => operation['operationId']);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, method, operation } of operations) {
    const where = `${method} ${path}`;
    const parameters = (operation['parameters'] ?? []) as Json[];
    const named = parameters.filter((one) => one['in'] === 'path').map((one) => one['name']);
    expect(named, where).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const one of parameters) {
      expect(one, where).toMatchObject({ in: expect.stringMatching(/^(path|query|header)$/) });
      expect(one, where).toHaveProperty('schema');
    }
    const names = parameters.map((one) => `${one['in']} ${one['name']}`);
    expect(new Set(names).size, where).toBe(names.length);
    const answers = Object.entries(operation['responses'] as Record<string, Json>);
    expect(answers.map(([status]) => status).join(), where).toMatch(/^\d{3}(,\d{3})*$/);
    expect(
      answers.some(([status]) => /^2|^303/.test(status)),
      where,
    ).toBe(true);
    for (const [, answer] of answers) {
      expect('$ref' in answer || typeof answer['description'] === 'string', where).toBe(true);
    }
    const schemes = (operation['security'] as Json[]).flatMap((one) => Object.keys(one));
    for (const name of schemes) {
      expect(document.components, where).toHaveProperty(['securitySchemes', name]);
    }
    if (method === 'get') expect(operation, where).not.toHaveProperty('requestBody');
  }
});
