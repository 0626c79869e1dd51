import { z } from 'zod';
import { ROLES } from '../access/index.ts';
import { checkYaml, describeProblems } from '../core/checked-yaml.ts';
import { ArchiveError } from '../core/errors.ts';

const text = (most = 500) => z.string().min(1).max(most);
const Id = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and -');
const Https = z.url({ protocol: /^https$/, error: 'is no https:// address' });
const Label = z.strictObject({ zh: text(40), en: text(40) });
const PEOPLE = ROLES.filter((role) => role !== 'service');
const RoleLine = z.strictObject({
  claim: text(100),
  value: text(),
  role: z.enum(PEOPLE as [(typeof PEOPLE)[number], ...typeof PEOPLE]),
  team: text(64).optional(),
  teamClaim: text(100).optional(),
  agentIdClaim: text(100).optional(),
});
const common = {
  id: Id,
  label: Label,
  /** PEM file of the authority of its certificate, where that is not a public one. */
  authorityFile: text().optional(),
  roles: z.array(RoleLine).max(500).default([]),
  /** Roles that this provider may give although they decide over others. */
  privilegedRoles: z.array(z.enum(['admin', 'approver'])).default([]),
  /** Whether a person number that is one account's lets its person in as that account. */
  linkByPerson: z.boolean().default(false),
};
const Oidc = z.strictObject({
  ...common,
  kind: z.literal('oidc'),
  issuer: Https,
  clientId: text(),
  clientSecretFile: text(),
  scopes: z.array(text(100)).default(['openid', 'profile']),
  personClaim: text(100).optional(),
  nameClaim: text(100).default('name'),
  usernameClaim: text(100).default('preferred_username'),
  furtherOrigins: z.array(Https).default([]),
});
const Ldap = z.strictObject({
  ...common,
  kind: z.literal('ldap'),
  url: z.url({ protocol: /^ldaps?$/, error: 'is neither ldaps:// nor ldap://' }),
  bindDn: text(),
  bindPasswordFile: text(),
  base: text(),
  filter: text().default('(objectClass=person)'),
  usernameAttribute: text(100).default('uid'),
  idAttribute: text(100).default('entryUUID'),
  nameAttribute: text(100).default('cn'),
  personAttribute: text(100).optional(),
});
const Wecom = z.strictObject({
  ...common,
  kind: z.literal('wecom'),
  corpId: text(100),
  agentId: text(40),
  secretFile: text(),
  loginUrl: Https.default('https://login.work.weixin.qq.com'),
  apiUrl: Https.default('https://qyapi.weixin.qq.com'),
});
const SignInFile = z.strictObject({
  providers: z.array(z.discriminatedUnion('kind', [Oidc, Ldap, Wecom])).max(20),
});
export type ProviderEntry = z.infer<typeof SignInFile>['providers'][number];

/** Names in addresses and in sessions that are somebody else's. */
const TAKEN = new Set(['password']);

/**
 * The providers of a sign-in file. Throws CONFIG_INVALID with every problem at once, each with its
 * line.
 */
export function readSignInFile(yaml: string, sourceName: string): ProviderEntry[] {
  const { value, problems } = checkYaml(yaml, SignInFile, ({ providers }) =>
    providers.flatMap((provider, at) => [
      ...(TAKEN.has(provider.id) || providers.findIndex(({ id }) => id === provider.id) < at
        ? [{ path: ['providers', at, 'id'], message: 'is taken' }]
        : []),
      ...privilegeProblems(provider, at),
    ]),
  );
  if (value !== undefined) return value.providers;
  throw new ArchiveError('CONFIG_INVALID', describeProblems(sourceName, problems));
}

function privilegeProblems(provider: ProviderEntry, at: number) {
  return provider.roles.flatMap(({ role }, line) =>
    (role === 'admin' || role === 'approver') && !provider.privilegedRoles.includes(role)
      ? [
          {
            path: ['providers', at, 'roles', line, 'role'],
            message: `is given by a provider only where its privilegedRoles name it`,
          },
        ]
      : [],
  );
}
