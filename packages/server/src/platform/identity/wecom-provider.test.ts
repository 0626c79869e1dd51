import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testCertificate } from './tls-files.testing.ts';
import { type WecomOptions, wecomProvider } from './wecom-provider.ts';
import { type WecomServer, wecomServer } from './wecom-server.testing.ts';

const CALLBACK = 'https://archive.example/auth/wecom/callback';
let certificate: Awaited<ReturnType<typeof testCertificate>>;
let server: WecomServer;
beforeAll(async () => {
  certificate = await testCertificate();
  server = await wecomServer(certificate);
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server.faults, { tokenOver: false, down: false, elsewhere: false });
  server.asked.length = 0;
});

const provider = (more: Partial<WecomOptions> = {}) =>
  wecomProvider({
    ...{ id: 'wecom', label: { zh: '企业微信', en: 'WeCom' }, corpId: 'ww1', agentId: '1000002' },
    ...{ secret: 'app secret', tags: ['7', '8'], apiUrl: server.url },
    ...{ loginUrl: 'https://login.work.weixin.qq.com', authority: certificate.authority, ...more },
  });
async function come(code: string, of = provider(), state?: string) {
  const { memory } = await of.begin(CALLBACK);
  const arrival = new URL(CALLBACK);
  arrival.search = new URLSearchParams({ code, state: state ?? memory['state'] ?? '' }).toString();
  return of.finish(CALLBACK, arrival, memory);
}

it('sends the browser to the login page of this company and application, with a state', async () => {
  const { url, memory } = await provider().begin(CALLBACK);
  const to = new URL(url);
  expect(`${to.origin}${to.pathname}`).toBe('https://login.work.weixin.qq.com/wwlogin/sso/login');
  expect(Object.fromEntries(to.searchParams)).toEqual({
    ...{ login_type: 'CorpApp', appid: 'ww1', agentid: '1000002', redirect_uri: CALLBACK },
    state: memory['state'],
  });
  expect(memory['state']?.length).toBeGreaterThan(30);
});

it('says of a member who it is, with departments and the tags that were asked for', async () => {
  expect(await come('code-wang')).toEqual({
    ...{ subject: 'ww1 WangWei', username: 'WangWei', personId: 'WangWei', displayName: '王伟' },
    claims: { userid: ['WangWei'], department: ['3', '12'], tag: ['7'] },
  });
});

it('keeps its token, and asks for another when it is over', async () => {
  const one = provider();
  server.faults.tokenOver = true;
  await come('code-wang', one);
  await come('code-wang', one);
  expect(server.asked.filter((path) => path === '/cgi-bin/gettoken').length).toBe(2);
});

it.each([
  ['a guest of the company', 'code-guest', undefined],
  ['a code that is not known', 'code-x', undefined],
  ['another state', 'code-wang', 'another'],
  ['no state', 'code-wang', ''],
])('refuses %s', async (_what, code, state) => {
  await expect(come(code, provider(), state)).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
});

it('refuses everybody while the application’s secret is wrong', async () => {
  const wrong = provider({ secret: 'wrong' });
  await expect(come('code-wang', wrong)).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
});

it('follows no redirect, asks no other address, and says when it gets no answer', async () => {
  const unreachable = { code: 'PROVIDER_UNREACHABLE' };
  server.faults.down = true;
  await expect(come('code-wang')).rejects.toMatchObject(unreachable);
  server.faults.down = false;
  await expect(
    come('code-wang', provider({ apiUrl: 'https://localhost:1' })),
  ).rejects.toMatchObject(unreachable);
  server.faults.elsewhere = true;
  server.asked.length = 0;
  await expect(come('code-wang')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  expect(server.asked).toEqual(['/cgi-bin/gettoken']);
});
