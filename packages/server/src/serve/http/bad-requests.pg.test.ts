import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
let scene: ServeScene;
let qa: Record<string, string>;
let operator: Record<string, string>;

beforeAll(async () => {
  scene = await serveScene({
    jobs: async () => ({ counts: [], jobs: [] }),
    notReady: async () => undefined,
  });
  qa = await scene.person('qa');
  operator = await scene.person('operator');
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.failures.length = 0;
});

/** A problem document of this shape, and nothing in the log of failures. */
async function refused(
  answer: ReturnType<ServeScene['send']>,
  expected: { status: number; code: string; field?: string },
) {
  const got = await answer;
  expect(got.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problemIn(got)).toMatchObject(expected);
  expect(got.status).toBe(expected.status);
  expect(scene.failures).toEqual([]);
  return got;
}

it.each([
  ['fo=1', 'query/fo'],
  ['__proto__=1', 'query/__proto__'],
  ['limit=0', 'query/limit'],
  ['limit=201', 'query/limit'],
  ['limit=abc', 'query/limit'],
  ['from=2025-13-45', 'query/from'],
  ['from=2025-02-30', 'query/from'],
  ['from=2025-08-01&from=2025-08-02', 'query/from'],
  ['minDurationS=9999999999', 'query/minDurationS'],
  ['maxDurationS=-1', 'query/maxDurationS'],
  ['agent=%00', 'query/agent/0'],
  ['tier=secret', 'query/tier'],
  ['facets=yes', 'query/facets'],
])('refuses the search %s by naming the field', async (query, field) => {
  const sent = scene.send('GET', `/api/v1/records?${query}`, qa);
  await refused(sent, { status: 400, code: 'REQUEST_INVALID', field });
});

/** A cursor of a year that the catalog cannot hold. */
const LONG_AGO = Buffer.from('-999999999999999.01a21256-d080-7625-b8df-043b64f20180').toString(
  'base64url',
);

it.each([
  ['from=2025-09-01&to=2025-08-01', 'SEARCH_QUERY_INVALID', 'query/to'],
  ['minDurationS=10&maxDurationS=1', 'SEARCH_QUERY_INVALID', 'query/maxDurationS'],
  ['phone=abcd', 'SEARCH_QUERY_INVALID', 'query/phone'],
  ['text=a', 'SEARCH_TEXT_TOO_SHORT', 'query/text'],
  ['cursor=abc', 'CURSOR_INVALID', 'query/cursor'],
  [`cursor=${LONG_AGO}`, 'CURSOR_INVALID', 'query/cursor'],
])('refuses the search %s with %s', async (query, code, field) => {
  await refused(scene.send('GET', `/api/v1/records?${query}`, qa), { status: 400, code, field });
});

it.each([
  'text=%ED%A0%80ab',
  'from=9999-12-31&to=9999-12-31',
  'from=0001-01-01&to=0002-01-01',
  'from=9999-12-31T23:59:59%2B23:59',
  'maxDurationS=2147483647',
])('finds nothing, and does not fail, for the search %s', async (query) => {
  const answer = await scene.send('GET', `/api/v1/records?${query}`, qa);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([200, { hits: [], total: 0 }]);
});

it.each(['state=lost', 'state=%00', 'cursor=foo', 'limit=0'])(
  'refuses the list of jobs for %s',
  async (query) => {
    const field = `query/${query.split('=')[0]}`;
    const sent = scene.send('GET', `/api/v1/jobs?${query}`, operator);
    await refused(sent, { status: 400, code: 'REQUEST_INVALID', field });
  },
);

it.each([
  ['no JSON', '{', undefined],
  ['nothing', '', undefined],
  ['an array', '[]', 'body'],
  ['a text', '"x"', 'body'],
  ['a prototype', '{"__proto__":{"username":"qa"}}', undefined],
  ['a zero character', '{"username":"a\\u0000","password":"x"}', 'body/username'],
  [
    'no UTF-8',
    Buffer.from('7b22757365726e616d65223a22ff222c2270617373776f7264223a2278227d', 'hex'),
    'body/username',
  ],
  ['an unknown field', '{"username":"a","password":"x","role":"admin"}', 'body/role'],
  ['a missing field', '{"username":"a"}', 'body/password'],
])('refuses a body that is %s', async (_name, body, field) => {
  const headers = { ...JSON_TYPE, 'x-voxkeep-csrf': '1' };
  const sent = scene.send('POST', '/api/v1/session', headers, body);
  await refused(sent, { status: 400, code: 'REQUEST_INVALID', ...(field ? { field } : {}) });
});

it('refuses a body in another charset than UTF-8, a form, and one of more than a mebibyte', async () => {
  const post = (type: string, body: string) =>
    scene.send('POST', '/api/v1/session', { 'content-type': type, 'x-voxkeep-csrf': '1' }, body);
  const unsupported = { status: 415, code: 'CONTENT_TYPE_UNSUPPORTED' };
  await refused(post('application/json; charset=gbk', '{}'), unsupported);
  await refused(post('application/x-www-form-urlencoded', 'a=b'), unsupported);
  await refused(post(';;;', 'a=b'), unsupported);
  const large = post('application/json', ' '.repeat(1_100_000));
  await refused(large, { status: 413, code: 'BODY_TOO_LARGE' });
});

it('keeps a saved filter to a size that an address could have', async () => {
  const save = (query: Record<string, unknown>) =>
    scene.send(
      'POST',
      '/api/v1/saved-filters',
      { ...qa, ...JSON_TYPE },
      JSON.stringify({ name: 'x', query }),
    );
  const invalid = { status: 400, code: 'REQUEST_INVALID' };
  await refused(save({ agent: 'a'.repeat(201) }), { ...invalid, field: 'body/query/agent' });
  await refused(save({ agent: 'a\0' }), { ...invalid, field: 'body/query/agent' });
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`f${at}`, 'x']));
  await refused(save(many), { ...invalid, field: 'body/query' });
  expect((await save({ agent: ['001', '002'] })).status).toBe(201);
});

it('tells whoever uses a wrong method the right ones', async () => {
  const { headers } = await refused(scene.send('PUT', '/api/v1/records', qa), {
    ...{ status: 405, code: 'METHOD_NOT_ALLOWED' },
  });
  expect(headers.allow).toBe('GET, HEAD, POST');
  const id = '0198a1b2-0000-7000-8000-000000000009';
  const one = await refused(scene.send('DELETE', `/api/v1/records/${id}`, qa), {
    ...{ status: 405, code: 'METHOD_NOT_ALLOWED' },
  });
  expect(one.headers.allow).toBe('GET, HEAD');
});

it.each([
  '/api/v1',
  '/api/v1/nothing',
  '/API/v1/records',
  '//api/v1/records',
  '/v1/records',
  '/x.php',
])('says that there is nothing at %s', async (path) => {
  await refused(scene.send('GET', path, qa), { status: 404, code: 'NOT_FOUND' });
});

it.each([
  ['an id that is none', 'abc', 404, 'RECORD_UNKNOWN'],
  ['an id in capitals', '0198A1B2-0000-7000-8000-000000000009', 404, 'RECORD_UNKNOWN'],
  ['a zero character', '%00', 404, 'RECORD_UNKNOWN'],
  ['an encoded way up', '%2e%2e%2f', 404, 'RECORD_UNKNOWN'],
  ['a percent sign that encodes nothing', '%zz', 400, 'REQUEST_INVALID'],
  ['three hundred letters', 'a'.repeat(300), 404, 'NOT_FOUND'],
])('answers %s with a problem document', async (_name, id, status, code) => {
  await refused(scene.send('GET', `/api/v1/records/${id}`, qa), { status, code });
});

it('tells nobody who has not signed in whether a record exists', async () => {
  const ask = (path: string) => scene.send('GET', `/api/v1/records/${path}`);
  const id = '0198a1b2-0000-7000-8000-000000000009';
  for (const path of [id, 'abc', `${id}/media`, `${id}/media/h264`, `${id}/peaks`, `${id}/trail`]) {
    await refused(ask(path), { status: 401, code: 'NOT_SIGNED_IN' });
  }
});

it('answers what is no request at all with a problem document', async () => {
  const head = (text: string) => text.split('\r\n\r\n');
  const [brew = '', brewBody = ''] = head(await scene.sendRaw('BREW / HTTP/1.1\r\n\r\n'));
  expect(brew).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(brewBody)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  const long = `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`;
  const [large = '', largeBody = ''] = head(await scene.sendRaw(long));
  expect(large).toMatch(/^HTTP\/1\.1 431 /);
  expect(JSON.parse(largeBody)).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
});

it('stops whoever tries to sign in more than sixty times a minute', async () => {
  const headers = { ...JSON_TYPE, 'x-voxkeep-csrf': '1' };
  const attempt = () => scene.send('POST', '/api/v1/session/totp', headers, '{}');
  let last = await attempt();
  for (let time = 0; time < 60 && last.status !== 429; time += 1) last = await attempt();
  expect(problemIn(last)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
});

it.each(['/vocabulary', '/saved-filters', '/records', '/jobs', '/accounts'])(
  'a key opens intake and nothing else: not %s',
  async (path) => {
    const sent = scene.send('GET', `/api/v1${path}`, scene.service);
    await refused(sent, { status: 403, code: 'FORBIDDEN' });
  },
);
