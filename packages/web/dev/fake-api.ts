import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DrillIn, NoticesReadIn } from '@voxkeep/contract';
import type { Plugin } from 'vite';
import { access } from './fake-access.ts';
import { bodyOf, json, problem } from './fake-answers.ts';
import { intake, record } from './fake-calls.ts';
import { beginDrill, drillsView } from './fake-drills.ts';
import { ledger } from './fake-ledger.ts';
import { listNotices, markRead } from './fake-notices.ts';
import { ACCOUNTS, jobs, KEYS, PROVIDERS, SESSIONS, STATUS } from './fake-operations.ts';
import { idOf, VOCABULARY } from './fake-records.ts';
import { search } from './fake-search.ts';
import { roleSignedIn, session } from './fake-session.ts';
import { siteFaults, siteHistory, sitesView } from './fake-sites.ts';

/**
 * A stand-in for the archive while pages are being worked on: `vite packages/web`. Sign in with a
 * role as the username (qa, operator, admin, auditor) and any password; `locked` is locked, `totp`
 * asks for 123456. Never part of a build.
 */
export function fakeApi(): Plugin {
  return {
    name: 'voxkeep-fake-api',
    configureServer: (server) => void server.middlewares.use('/api/v1', answer),
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('content-security-policy', POLICY);
        next();
      });
      server.middlewares.use('/api/v1', answer);
    },
  };
}

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:";
const saved = [{ id: idOf(1), name: '本周设备故障', query: { issueType: ['设备故障'] } }];

function answer(request: IncomingMessage, response: ServerResponse): void {
  respond(request, response).catch((error: unknown) =>
    problem(response, 500, 'INTERNAL', String(error)),
  );
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const path = url.pathname.split('/').filter(Boolean);
  const [room, id, part] = path;
  const method = request.method ?? 'GET';
  if (room === 'session' && id === 'providers') return json(response, PROVIDERS);
  if (room === 'session' && id === 'list') return json(response, method === 'GET' ? SESSIONS : {});
  if (room === 'session') return session(request, response, method);
  if (room === 'setup') return json(response, {}, 201);
  const signedIn = roleSignedIn();
  if (signedIn === undefined) return problem(response, 401, 'NOT_SIGNED_IN', '请先登录');
  if (room === 'records' && method === 'POST') return intake(request, response);
  if (room === 'records' && id === undefined) return json(response, search(url.searchParams));
  if (room === 'records' && id !== undefined) return record(request, response, id, part);
  if (room === 'access') {
    const body = method === 'POST' ? (await bodyOf(request)).toString() : '';
    const got = access(signedIn, method, path.slice(1), url.searchParams, body);
    return got.problem === undefined
      ? json(response, got.value, got.status)
      : problem(response, got.status, got.problem, '不行');
  }
  if (room === 'ledger') {
    const got = ledger(path.slice(1), url.searchParams);
    return got === undefined
      ? problem(response, 404, 'NOT_FOUND', '没有这一条')
      : json(response, got);
  }
  if (room === 'vocabulary') return json(response, VOCABULARY);
  if (room === 'saved-filters') return json(response, method === 'GET' ? saved : {});
  if (room === 'jobs') return json(response, jobs(url.searchParams.get('state')));
  if (room === 'drop') return json(response, { reachable: true, refused: [] });
  if (room === 'status') return json(response, STATUS);
  if (room === 'sites') return sites(response, signedIn, url.searchParams, [id, part]);
  if (room === 'drills') return drills(request, response, signedIn);
  if (room === 'notices') return notices(request, response, signedIn, url.searchParams, id);
  if (room === 'api-keys') {
    if (method === 'GET') return json(response, { keys: KEYS });
    const key = {
      id: idOf(4),
      name: 'PBX',
      key: 'vk_example_only_4f1c9a02b7d84e0f',
      expiresAt: '2027-11-24T00:00:00Z',
    };
    return json(response, key, 201);
  }
  if (room === 'accounts' && part === 'sessions') return json(response, SESSIONS);
  if (room === 'accounts') return json(response, method === 'GET' ? { accounts: ACCOUNTS } : {});
  problem(response, 404, 'NOT_FOUND', '没有这个地址');
}

function sites(
  response: ServerResponse,
  role: string,
  query: URLSearchParams,
  [name, part]: (string | undefined)[],
): void {
  // What compliance may not, it is refused; auditors see an archive of a minute.
  if (role === 'compliance') {
    return problem(response, 403, 'FORBIDDEN', '不行', { rule: 'status', askWhom: 'admin' });
  }
  const young = role === 'auditor';
  if (part === 'history') return json(response, siteHistory(name ?? '', query, young));
  if (part === 'faults') return json(response, siteFaults());
  json(response, sitesView(young), part === 'scrub' ? 202 : 200);
}

async function drills(
  request: IncomingMessage,
  response: ServerResponse,
  role: string,
): Promise<void> {
  const kind = role === 'auditor' ? 'young' : role === 'admin' ? 'sound' : 'worn';
  if (request.method !== 'POST') return json(response, drillsView(kind));
  const body = (await bodyOf(request)).toString();
  if (!beginDrill(JSON.parse(body) as DrillIn, 'hanlei')) {
    return problem(response, 409, 'DRILL_RUNNING', '已有演练');
  }
  json(response, drillsView(kind), 202);
}

async function notices(
  request: IncomingMessage,
  response: ServerResponse,
  role: string,
  query: URLSearchParams,
  part: string | undefined,
): Promise<void> {
  if (part === 'address') {
    if (request.method === 'PUT') return json(response, undefined, 204);
    return json(response, { mail: true, address: 'shen.jianing@example.com', language: 'zh-CN' });
  }
  if (part === 'read') {
    markRead(JSON.parse((await bodyOf(request)).toString()) as NoticesReadIn);
    return json(response, { unread: 0 });
  }
  // Analysts see what a failure looks like.
  if (role === 'analyst') return problem(response, 503, 'NOT_READY', '暂时不可用');
  json(response, listNotices(role, query));
}
