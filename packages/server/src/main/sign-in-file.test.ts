import { expect, it } from 'vitest';
import { readSignInFile } from './sign-in-file.ts';

const GOOD = `
providers:
  - id: corp
    kind: oidc
    label: { zh: 统一认证, en: Corporate sign-in }
    issuer: https://login.example.com
    clientId: voxkeep
    clientSecretFile: corp-secret
    privilegedRoles: [admin]
    roles:
      - { claim: groups, value: archive-admins, role: admin }
  - id: wecom
    kind: wecom
    label: { zh: 企业微信, en: WeCom }
    corpId: ww1
    agentId: '1000002'
    secretFile: wecom-secret
`;

it('reads providers with what is left out as documented', () => {
  const [corp, wecom] = readSignInFile(GOOD, 'sign-in.yaml');
  expect(corp).toMatchObject({ scopes: ['openid', 'profile'], linkByPerson: false });
  expect(wecom).toMatchObject({ apiUrl: 'https://qyapi.weixin.qq.com', roles: [] });
});

it('names every problem at once, each with its line', () => {
  const bad = GOOD.replace('https://login', 'http://login')
    .replace('privilegedRoles: [admin]', 'privilegedRoles: []')
    .replace("agentId: '1000002'", 'agent: 7')
    .replace('id: wecom', 'id: WeCom');
  const said = () => readSignInFile(bad, 'sign-in.yaml');
  expect(said).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  for (const part of ['sign-in.yaml:6 providers/0/issuer', 'providers/1/id', 'providers/1']) {
    expect(said).toThrow(part);
  }
});

it.each([
  ['a role over others that is not allowed', 'privilegedRoles: [admin]', '', 'roles/0/role'],
  ['a name that is used twice', 'id: wecom', 'id: corp', 'providers/1/id'],
  ['the role of services', 'role: admin }', 'role: service }', 'roles/0/role'],
])('refuses %s', (_what, from, to, field) => {
  expect(() => readSignInFile(GOOD.replace(from, to), 'f')).toThrow(field);
});
