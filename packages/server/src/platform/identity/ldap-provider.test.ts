import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { HOSTILE_NAME, identityProviderContract } from './identity-provider-contract.testing.ts';
import { type LdapOptions, ldapProvider } from './ldap-provider.ts';
import { type LdapServer, ldapServer } from './ldap-server.testing.ts';
import { testCertificate } from './tls-files.testing.ts';

const READER = 'cn=reader,dc=example';
const GUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const OTHER_GUID = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex');
const person = (uid: string, more: Record<string, (string | Buffer)[]> = {}) => ({
  dn: `uid=${uid},ou=people,dc=example`,
  password: `${uid} has a password`,
  attributes: {
    ...{ objectClass: ['person'], uid: [uid], cn: [`Name of ${uid}`], employeeNumber: ['E7'] },
    ...{ objectGUID: [GUID], memberOf: ['cn=qa,dc=example', 'cn=staff,dc=example'] },
    ...more,
  },
});
const ENTRIES = [
  { dn: READER, password: 'reads', attributes: { objectClass: ['device'] } },
  person('wang'),
  person('printer', { objectClass: ['device'] }),
  person('twin', { uid: ['twin'] }),
  { ...person('twin'), dn: 'uid=twin,ou=others,dc=example' },
  person('faceless', { objectGUID: [] }),
  person(HOSTILE_NAME, { objectGUID: [OTHER_GUID], memberOf: [] }),
];

let certificate: Awaited<ReturnType<typeof testCertificate>>;
let other: Awaited<ReturnType<typeof testCertificate>>;
let server: LdapServer;
const open = async (from: 'first byte' | 'StartTLS') => {
  server = await ldapServer(ENTRIES, READER, { ...certificate, from });
};
const provider = (more: Partial<LdapOptions> = {}) =>
  ldapProvider({
    ...{ id: 'ad', label: { zh: '域账号', en: 'Directory' }, url: server.url },
    ...{ authority: certificate.authority, bindDn: READER, bindPassword: 'reads' },
    ...{ base: 'dc=example', filter: '(objectClass=person)', usernameAttribute: 'uid' },
    ...{ idAttribute: 'objectGUID', nameAttribute: 'cn', personAttribute: 'employeeNumber' },
    ...{ claims: ['memberOf'], ...more },
  });

beforeAll(async () => {
  certificate = await testCertificate();
  other = await testCertificate();
});
beforeEach(() => open('first byte'));
afterEach(() => server.close());

it.each(['first byte', 'StartTLS'] as const)(
  'proves a person by a bind under TLS from the %s, and says what the directory knows',
  async (from) => {
    await server.close();
    await open(from);
    expect(await provider().prove('wang', 'wang has a password')).toEqual({
      ...{ subject: GUID.toString('hex'), username: 'wang', displayName: 'Name of wang' },
      ...{ personId: 'E7', claims: { memberOf: ['cn=qa,dc=example', 'cn=staff,dc=example'] } },
    });
    expect(server.overheard).toBe(false);
  },
);

it.each([
  ['a wrong password', 'wang', 'wrong'],
  ['no password, which binds and proves nothing', 'wang', ''],
  ['no name', '', 'reads'],
  ['a name that nobody has', 'nobody', 'x'],
  ['an entry that is no person', 'printer', 'printer has a password'],
  ['a name that two have', 'twin', 'twin has a password'],
  ['an entry without the lasting id', 'faceless', 'faceless has a password'],
  ['every name at once', '*', 'wang has a password'],
  ['a piece of a filter', 'x)(uid=wang', 'wang has a password'],
])('proves nobody by %s', async (_what, username, password) => {
  expect(await provider().prove(username, password)).toBeUndefined();
});

it('sends a name as a value, whatever is in it', async () => {
  await provider().prove('*)(uid=*))(|(uid=*', 'x');
  expect(server.heard.filter((one) => one.startsWith('search'))).toEqual([
    'search (&(objectClass=person)(uid=*)(uid=*))(|(uid=*))',
  ]);
});

it('says that a directory does not answer, for whatever reason', async () => {
  const prove = (more: Partial<LdapOptions>) => provider(more).prove('wang', 'wang has a password');
  const unreachable = { code: 'PROVIDER_UNREACHABLE' };
  await expect(prove({ authority: other.authority })).rejects.toMatchObject(unreachable);
  await expect(prove({ bindPassword: 'wrong' })).rejects.toMatchObject(unreachable);
  await expect(prove({ url: 'ldaps://localhost:1' })).rejects.toMatchObject(unreachable);
  // A server that speaks no TLS learns no password.
  await expect(prove({ url: server.url.replace('ldaps', 'ldap') })).rejects.toMatchObject(
    unreachable,
  );
  expect(server.heard.some((one) => one.includes('wang'))).toBe(false);
});

identityProviderContract(
  'LDAP',
  {
    without: {
      replay: 'a password is good more than once',
      'other browser': 'no browser is sent away',
    },
    async open(at) {
      const own = await testCertificate(at?.hostNames);
      const scene = await ldapServer(ENTRIES, READER, { ...own, from: 'first byte' });
      const known = (login: string, id: Buffer, memberOf: string[]) => ({
        ...{ login },
        identity: {
          ...{ subject: id.toString('hex'), username: login, displayName: `Name of ${login}` },
          ...{ personId: 'E7', claims: { memberOf } },
        },
      });
      return {
        provider: ({ nowhere = false, authority = own.authority, timeoutMs } = {}) =>
          provider({
            ...{ url: nowhere ? 'ldaps://localhost:1' : scene.url, authority, timeoutMs },
          }),
        people: {
          plain: known('wang', GUID, ['cn=qa,dc=example', 'cn=staff,dc=example']),
          hostile: known(HOSTILE_NAME, OTHER_GUID, []),
        },
        passwordOf: (login) => `${login} has a password`,
        hang: (on) => {
          scene.silent = on;
        },
        stop: scene.close,
      };
    },
  },
  async () => (await testCertificate()).authority,
);
