import { expect } from 'vitest';
import {
  CALLBACK,
  HOSTILE_NAME,
  identityProviderContract,
} from './identity-provider-contract.testing.ts';
import { oidcProvider } from './oidc-provider.ts';
import { oidcScene } from './oidc-scene.testing.ts';
import { testCertificate } from './tls-files.testing.ts';

identityProviderContract(
  'OpenID Connect',
  {
    without: { 'typed names': 'names are typed on its own pages' },
    async open(at) {
      const scene = await oidcScene(CALLBACK, at?.hostNames);
      const person = (login: string, groups: string[]) => ({
        ...{ login },
        identity: {
          ...{ subject: `${scene.issuer} ${login}`, username: login, personId: `N-${login}` },
          ...{ displayName: `Name of ${login}` },
          claims: expect.objectContaining({ groups, sub: [login] }),
        },
      });
      return {
        provider: ({ nowhere = false, authority = scene.authority, timeoutMs } = {}) =>
          oidcProvider({
            ...{ id: 'corp', label: { zh: '统一认证', en: 'Corporate sign-in' }, timeoutMs },
            ...{ issuer: nowhere ? 'https://localhost:1' : scene.issuer, clientId: 'voxkeep' },
            ...{ clientSecret: 'a secret of sixteen letters', scopes: ['openid', 'profile'] },
            ...{ nameClaim: 'name', usernameClaim: 'preferred_username', personClaim: 'number' },
            ...{ furtherOrigins: [], authority },
          }),
        people: {
          plain: person('wang', ['staff', 'voxkeep-qa']),
          hostile: person(HOSTILE_NAME, []),
        },
        ...{ walk: scene.walk, hang: scene.hang, stop: scene.stop },
      };
    },
  },
  async () => (await testCertificate()).authority,
);
