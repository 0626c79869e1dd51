import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Admission, IdentityProvider } from '../access/identity/index.ts';
import { ArchiveError } from '../core/errors.ts';
import { ldapProvider } from '../platform/identity/ldap-provider.ts';
import { oidcProvider } from '../platform/identity/oidc-provider.ts';
import { wecomProvider } from '../platform/identity/wecom-provider.ts';
import { type ProviderEntry, readSignInFile } from './sign-in-file.ts';

export interface ConfiguredProvider {
  provider: IdentityProvider;
  admission: Admission;
}

/**
 * The providers of the sign-in file; none without one. Files that it names are looked for beside it.
 * Rejects with CONFIG_INVALID, CONFIG_UNREADABLE.
 */
export async function openProviders(file: string | undefined): Promise<ConfiguredProvider[]> {
  if (file === undefined) return [];
  const read = async (path: string) => {
    try {
      return await readFile(resolve(dirname(file), path), 'utf8');
    } catch (cause) {
      throw new ArchiveError('CONFIG_UNREADABLE', `${path}: cannot be read`, { cause });
    }
  };
  const entries = readSignInFile(await read(file), file);
  return Promise.all(
    entries.map(async (entry) => ({
      provider: await openProvider(entry, read),
      admission: { provider: entry.id, roles: entry.roles, linkByPerson: entry.linkByPerson },
    })),
  );
}

async function openProvider(
  entry: ProviderEntry,
  read: (path: string) => Promise<string>,
): Promise<IdentityProvider> {
  const secret = async (path: string) => (await read(path)).trim();
  const { authorityFile } = entry;
  const authority = authorityFile === undefined ? {} : { authority: await read(authorityFile) };
  const claims = [...new Set(entry.roles.flatMap(claimsOf))];
  if (entry.kind === 'oidc') {
    const clientSecret = await secret(entry.clientSecretFile);
    const furtherOrigins = entry.furtherOrigins.map((one) => new URL(one).origin);
    return oidcProvider({ ...entry, ...authority, clientSecret, furtherOrigins });
  }
  if (entry.kind === 'ldap') {
    const bindPassword = await secret(entry.bindPasswordFile);
    return ldapProvider({ ...entry, ...authority, bindPassword, claims });
  }
  const tags = entry.roles.filter(({ claim }) => claim === 'tag').map(({ value }) => value);
  return wecomProvider({
    ...{ ...entry, ...authority, secret: await secret(entry.secretFile) },
    tags: [...new Set(tags)],
  });
}

const claimsOf = ({ claim, teamClaim, agentIdClaim }: ProviderEntry['roles'][number]): string[] =>
  [claim, teamClaim, agentIdClaim].filter((one) => one !== undefined);
