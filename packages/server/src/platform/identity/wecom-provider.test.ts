import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RedirectProvider } from '../../access/identity/ports.ts';
import { HOSTILE_NAME, identityProviderContract } from './identity-provider-contract.testing.ts';
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
  Object.assign(server.faults, { tokenOver: false, down: false, elsewhere: false, silent: false });
  server.asked.length = 0;
});

const provider = (more: Partial<WecomOptions> = {}) =>
  wecomProvider({
    ...{ id: 'wecom', label: { zh: '企业微信', en: 'WeCom' }, corpId: 'ww1', agentId: '1000002' },
    ...{ secret: 'app secret', tags: ['7', '8'], apiUrl: server.url },
    ...{ loginUrl: 'https://login.work.weixin.qq.com', authority: certificate.authority, ...more },
  });
const come = (person: string, of?: RedirectProvider, state?: string) =>
  arriveWith(server.codeFor(person), of, state);
async function arriveWith(code: string, of = provider(), state?: string) {
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
  expect(await come('WangWei')).toEqual({
    ...{ subject: 'ww1 WangWei', username: 'WangWei', personId: 'WangWei', displayName: '王伟' },
    claims: { userid: ['WangWei'], department: ['3', '12'], tag: ['7'] },
  });
});

it('keeps its token, and asks for another when it is over', async () => {
  const one = provider();
  server.faults.tokenOver = true;
  await come('WangWei', one);
  await come('WangWei', one);
  expect(server.asked.filter((path) => path === '/cgi-bin/gettoken').length).toBe(2);
});

it.each([
  ['a guest of the company', 'oAAAA', undefined],
  ['another state', 'WangWei', 'another'],
  ['no state', 'WangWei', ''],
])('refuses %s', async (_what, person, state) => {
  await expect(come(person, provider(), state)).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
});

it('refuses everybody while the application’s secret is wrong', async () => {
  const wrong = provider({ secret: 'wrong' });
  await expect(come('WangWei', wrong)).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
});

it('follows no redirect, asks no other address, and says when it gets no answer', async () => {
  server.faults.down = true;
  await expect(come('WangWei')).rejects.toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
  server.faults.down = false;
  server.faults.elsewhere = true;
  server.asked.length = 0;
  await expect(come('WangWei')).rejects.toMatchObject({ code: 'IDENTITY_REFUSED' });
  expect(server.asked).toEqual(['/cgi-bin/gettoken']);
});

identityProviderContract(
  '企业微信',
  {
    without: { 'typed names': 'nothing is typed: a code is scanned' },
    async open(at) {
      const own = await testCertificate(at?.hostNames);
      const scene = await wecomServer(own);
      const person = (userid: string, displayName: string, tag: string[]) => ({
        ...{ login: userid },
        identity: {
          ...{ subject: `ww1 ${userid}`, username: userid, personId: userid, displayName },
          claims: { userid: [userid], department: ['3', '12'], tag },
        },
      });
      return {
        provider: ({ nowhere = false, authority = own.authority, timeoutMs } = {}) =>
          provider({
            ...{ apiUrl: nowhere ? 'https://localhost:1' : scene.url, authority, timeoutMs },
          }),
        people: {
          plain: person('WangWei', '王伟', ['7']),
          hostile: person('o_brien-2@x.y', HOSTILE_NAME, []),
        },
        async walk(url, login) {
          const { searchParams } = new URL(url);
          const back = new URL(searchParams.get('redirect_uri') ?? '');
          back.searchParams.set('code', scene.codeFor(login));
          back.searchParams.set('state', searchParams.get('state') ?? '');
          return back;
        },
        hang: (on) => {
          scene.faults.silent = on;
        },
        stop: scene.close,
      };
    },
  },
  async () => (await testCertificate()).authority,
);
