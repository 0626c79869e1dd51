import type { RoutesView } from '@voxkeep/contract';
import {
  ARCHIVE_ACTIONS,
  type ArchiveAction,
  LINES,
  type RecordAction,
  ROLES,
  type Role,
} from '../../../test/oracle/access-table.ts';
import type { TestArchive } from '../test-archive.ts';
import { Client } from './client.ts';
import type { People, Person } from './people.ts';

type Route = RoutesView['routes'][number];

const NOBODY = '01890000-0000-7000-8000-000000000000';
/** What a role that does have the action may still be refused by: this record is not theirs. */
const NOT_THIS_ONE = /\.(own|team|case|tier|recency|state|restricted|lease-required)$/;
const EVERYONE = ['public', 'signed-in', 'person'];

/**
 * Each route that the router really has, tried by nobody, by each role, and by a service's key:
 * 401 without a session, 403 with a rule for roles that the documents do not name, no refusal for
 * the others but for a record that is not theirs.
 */
export async function judgeRoutes(
  archive: TestArchive,
  people: People,
  recordId: string,
  problems: string[],
): Promise<number> {
  const { body } = await people.admin.get('/routes');
  const { routes } = body as RoutesView;
  if (routes.length < 40) problems.push(`only ${routes.length} routes are listed`);
  const staff = new Map<Role, Person>();
  for (const role of ROLES.filter((one) => one !== 'service')) {
    staff.set(role, await people.make({ role, agentId: '001', teamId: '一组' }));
  }
  const stranger = new Client(archive);
  const service = new Client(archive);
  const key = { authorization: `Bearer ${archive.accounts.apiKey}` };
  for (const route of lastTheEnd(routes)) {
    const ask = (client: Client, headers?: Record<string, string>) =>
      client.at(route.method, addressOf(route, recordId), bodyOf(route), headers);
    judge(route, 'nobody', await ask(stranger), problems);
    judge(route, 'service', await ask(service, key), problems);
    for (const [role, { client }] of staff) judge(route, role, await ask(client), problems);
  }
  return routes.length;
}

function judge(
  route: Route,
  who: Role | 'nobody',
  { status, body }: { status: number; body: unknown },
  problems: string[],
): void {
  const what = `${route.method} ${route.path} (${route.rule.join(', ')}) by ${who}`;
  const isPublic = route.rule.includes('public');
  // What is of one person each, and what only a key of its own scope opens, is refused in its own way.
  const ofItsOwn = route.rule.some((one) => one === 'person' || one.startsWith('key:'));
  const { rule = '', code = '' } = (body ?? {}) as { rule?: string; code?: string };
  if (status >= 500 && !(status === 503 && route.path === '/readyz')) {
    problems.push(`${what}: ${status}`);
  } else if (who === 'nobody') {
    if (isPublic ? status === 403 : status !== 401) problems.push(`${what}: ${status}`);
  } else if (isPublic) {
    if (status === 403) problems.push(`${what}: 403 ${rule}`);
  } else if (mayUse(route, who)) {
    const refused = status === 403 && route.method !== 'HEAD' && !NOT_THIS_ONE.test(rule);
    // Media comes on tickets, which the role's own door gives out.
    const unasked = status === 401 && code !== 'TICKET_REQUIRED' && route.method !== 'HEAD';
    if (unasked || (refused && !ofItsOwn)) problems.push(`${what}: ${status} ${rule}`);
  } else if (who === 'service') {
    // A key opens what it is for; whether it is known elsewhere is nobody's to find out.
    if (status !== 401 && status !== 403) problems.push(`${what}: ${status}`);
  } else if (
    ofItsOwn
      ? status !== 401 && status !== 403
      : status !== 403 || (route.method !== 'HEAD' && !rule.startsWith(`${who}.`))
  ) {
    problems.push(`${what}: ${status} ${rule}, is to be refused with its rule`);
  }
}

function mayUse({ rule }: Route, role: Role): boolean {
  if (rule.includes('person')) return role !== 'service';
  if (rule.some((one) => EVERYONE.includes(one))) return true;
  return rule.some((action) => {
    const roles: readonly Role[] | undefined = ARCHIVE_ACTIONS[action as ArchiveAction];
    const lines = LINES[role] ?? [];
    return (
      roles?.includes(role) ?? lines.some((line) => line.actions.includes(action as RecordAction))
    );
  });
}

const addressOf = ({ path }: Route, recordId: string): string =>
  path
    .replace('/records/:id', `/records/${recordId}`)
    .replace(/:id\b/, NOBODY)
    .replace(/:\w+/g, '0')
    .replace('*', 'x');

/** Nothing that could be done: each body lacks what is needed. */
const bodyOf = ({ method }: Route): unknown =>
  ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;

/** Signing out comes after everything that needs the session. */
const lastTheEnd = (routes: Route[]): Route[] => {
  const ends = ({ method, path }: Route) => method === 'DELETE' && path.endsWith('/session');
  return [...routes.filter((one) => !ends(one)), ...routes.filter(ends)];
};
