// A process of its own: an OpenID provider over HTTPS with people of whom any password is right.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

const [keyFile = '', certificateFile = '', callback = ''] = process.argv.slice(2);

/** Groups by login; whoever is not here has none. */
const GROUPS: Record<string, string[]> = {
  wang: ['staff', 'voxkeep-qa'],
  chen: ['voxkeep-calls'],
  boss: ['voxkeep-admins'],
};

const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const issuer = `https://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: 'voxkeep', client_secret: 'a secret of sixteen letters' },
        ...{ redirect_uris: [callback], response_types: ['code'] },
        ...{ grant_types: ['authorization_code'], application_type: 'web' },
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'number'] },
    pkce: { required: () => true },
    findAccount: async (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({
        ...{ sub: id, name: `Name of ${id}`, preferred_username: id },
        ...{ groups: GROUPS[id.split('.')[0] ?? ''] ?? [], number: `N-${id}` },
      }),
    }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
