import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Facets,
  type NoticesReadIn,
  type RecordState,
  type SearchHit,
  TICKET_MS,
} from '@voxkeep/contract';
import type { Plugin } from 'vite';
import { access } from './fake-access.ts';
import { ledger } from './fake-ledger.ts';
import { listNotices, markRead } from './fake-notices.ts';
import { ACCOUNTS, jobs, KEYS, PROVIDERS, SESSIONS, STATUS, TRAIL } from './fake-operations.ts';
import {
  CALLS,
  hitOf,
  idOf,
  numberOf,
  recordOf,
  transcriptOf,
  VOCABULARY,
} from './fake-records.ts';
import { siteFaults, siteHistory, sitesView } from './fake-sites.ts';
import { peaksOf, soundOf } from './fake-sound.ts';

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
const READ = ['search record', 'view record', 'stream record', 'trail record'];
const ASK = 'request_access access';
const ABILITIES: Record<string, string[]> = {
  qa: [...READ, ASK],
  agent: [...READ, ASK],
  auditor: [...READ, ASK, 'read status', 'access_requests access', 'read ledger'],
  approver: ['approve access', 'access_requests access'],
  compliance: [
    ...['search record', 'view record', 'trail record', 'request_mandate access'],
    ...['access_requests access', 'enrol access', 'read ledger', 'read status'],
  ],
  regulator: ['request_mandate access'],
  operator: ['read job', 'retry job', 'read status', 'create record'],
  admin: ['manage account', 'manage api_key', 'read status', 'create record', 'enrol access'],
  analyst: [],
};
const NAMES: Record<string, string> = {
  qa: '沈佳宁',
  operator: '韩磊',
  admin: '陆一鸣',
  auditor: '范静',
  approver: '贺文渊',
  compliance: '温如玉',
  regulator: '季明远',
};

let signedIn: string | undefined;
const saved = [{ id: idOf(1), name: '本周设备故障', query: { issueType: ['设备故障'] } }];
const intakes = new Map<string, number>();

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
  if (room === 'sites') return sites(response, url.searchParams, id, part);
  if (room === 'notices') return notices(request, response, url.searchParams, id);
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
  query: URLSearchParams,
  name: string | undefined,
  part: string | undefined,
): void {
  // What compliance may not, it is refused; auditors see an archive of a minute.
  if (signedIn === 'compliance') {
    return problem(response, 403, 'FORBIDDEN', '不行', { rule: 'status', askWhom: 'admin' });
  }
  const young = signedIn === 'auditor';
  if (part === 'history') return json(response, siteHistory(name ?? '', query, young));
  if (part === 'faults') return json(response, siteFaults());
  json(response, sitesView(young), part === 'scrub' ? 202 : 200);
}

async function notices(
  request: IncomingMessage,
  response: ServerResponse,
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
  if (signedIn === 'analyst') return problem(response, 503, 'NOT_READY', '暂时不可用');
  json(response, listNotices(signedIn ?? '', query));
}

async function session(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
): Promise<void> {
  if (method === 'DELETE') signedIn = undefined;
  if (method === 'POST') {
    const { username, totp } = JSON.parse((await bodyOf(request)).toString()) as Record<
      string,
      string
    >;
    if (username === 'locked') return problem(response, 423, 'ACCOUNT_LOCKED', '账号已锁定');
    if (username === 'totp' && totp === undefined)
      return problem(response, 401, 'TOTP_REQUIRED', '需要验证码');
    if (username === 'totp' && totp !== '123456')
      return problem(response, 401, 'TOTP_WRONG', '验证码不对');
    const role = username === 'totp' ? 'qa' : (username ?? '');
    if (ABILITIES[role] === undefined)
      return problem(response, 401, 'SIGN_IN_FAILED', '用户名或密码不对');
    signedIn = role;
  }
  if (signedIn === undefined) {
    if (method === 'DELETE') return json(response, undefined, 204);
    return problem(response, 401, 'NOT_SIGNED_IN', '请先登录');
  }
  json(response, {
    actor: {
      id: idOf(2),
      username: `${signedIn}01`,
      displayName: NAMES[signedIn] ?? '测试员',
      role: signedIn,
    },
    abilities: (ABILITIES[signedIn] ?? []).map((ability) => {
      const [action = '', subject = ''] = ability.split(' ');
      return { action, subject };
    }),
    ...{ timeZone: 'Asia/Shanghai', archiveName: '华东客服中心通话档案', secondFactor: false },
  });
}

function search(query: URLSearchParams): unknown {
  const started = performance.now();
  const text = query.get('text') ?? undefined;
  const lists = {
    tier: 'tier',
    issueType: 'issueType',
    agent: 'agentId',
    team: 'team',
    segment: 'segment',
  } as const;
  const fits = (hit: SearchHit) =>
    Object.entries(lists).every(([name, field]) => {
      const wanted = query.getAll(name);
      return wanted.length === 0 || wanted.includes(hit[field] ?? '');
    }) &&
    (query.get('channel') ?? hit.channel) === hit.channel &&
    (!query.has('phone') ||
      hit.phoneMasked?.endsWith((query.get('phone') ?? '').slice(-4)) === true) &&
    (!query.has('from') || hit.startedAt.slice(0, 10) >= (query.get('from') ?? '')) &&
    (!query.has('to') || hit.startedAt.slice(0, 10) <= (query.get('to') ?? '')) &&
    (text === undefined || (hit.marks ?? []).length > 0);
  const all = Array.from({ length: CALLS }, (_, n) => hitOf(n, text)).filter(fits);
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const facet = (of: (hit: SearchHit) => string | undefined) => {
    const counts = new Map<string, number>();
    for (const hit of all) counts.set(of(hit) ?? '', (counts.get(of(hit) ?? '') ?? 0) + 1);
    return [...counts]
      .map(([value, count]) => ({ value, count: Math.min(count, 10_000) }))
      .sort((a, b) => b.count - a.count);
  };
  const facets: Facets = {
    tier: facet((hit) => hit.tier),
    issueType: facet((hit) => hit.issueType),
    agent: facet((hit) => hit.agentId),
    team: facet((hit) => hit.team),
    channel: facet((hit) => hit.channel),
    segment: facet((hit) => hit.segment),
  };
  return {
    hits: all.slice(from, from + limit),
    total: Math.min(all.length, 10_000),
    totalCapped: all.length > 10_000,
    ...(query.get('facets') === 'true' ? { facets } : {}),
    ...(from + limit < all.length ? { next: String(from + limit) } : {}),
    took: performance.now() - started,
    scope: 'qa.every-record-redacted',
  };
}

function record(
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  part?: string,
): void {
  const n = numberOf(id);
  if (n === undefined) return problem(response, 404, 'RECORD_UNKNOWN', '没有这通电话');
  if (n % 23 === 7) {
    return problem(response, 403, 'FORBIDDEN', '该通话已指派给其他危机处理小组', {
      ...{ rule: 'crisis.assigned-only', askWhom: 'crisis' },
    });
  }
  if (part === 'status')
    return json(response, { id, state: stateOfIntake(id), receivedAt: new Date().toISOString() });
  if (part === 'transcript') return json(response, transcriptOf(n));
  if (part === 'trail') return json(response, TRAIL);
  const durationMs = hitOf(n).durationS * 1000;
  if (part === 'peaks') return json(response, peaksOf(soundOf(transcriptOf(n), durationMs)));
  if (part === 'ticket') {
    const expiresAt = new Date(Date.now() + TICKET_MS).toISOString();
    return json(response, { ticket: 'fake', expiresAt });
  }
  if (part === 'media') return media(request, response, soundOf(transcriptOf(n), durationMs));
  json(response, recordOf(n, id));
}

function media(request: IncomingMessage, response: ServerResponse, wav: Buffer): void {
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from);
  const end = to === '' ? wav.length - 1 : Number(to);
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    ...{ 'content-type': 'audio/wav', 'accept-ranges': 'bytes' },
    ...{
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${wav.length}`,
    },
  });
  response.end(wav.subarray(start, end + 1));
}

async function intake(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const id = idOf(0);
  intakes.set(id, Date.now());
  const receivedAt = new Date().toISOString();
  json(
    response,
    { id, state: 'received', created: true, receivedAt, mediaBytes: body.length },
    201,
  );
}

function stateOfIntake(id: string): RecordState {
  const way: RecordState[] = [
    'received',
    'probed',
    'transcribed',
    'redacted',
    'classified',
    'sealed',
  ];
  return way[Math.floor((Date.now() - (intakes.get(id) ?? 0)) / 1000)] ?? 'archived';
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  more = {},
): void {
  json(
    response,
    { type: 'about:blank', title: code, status, detail, code, requestId: 'req-7f3a', ...more },
    status,
  );
}
