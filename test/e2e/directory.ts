import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ldapServer } from '../../packages/server/src/platform/identity/ldap-server.testing.ts';
import { testCertificate } from '../../packages/server/src/platform/identity/tls-files.testing.ts';

const READER = { dn: 'cn=archive,dc=example', password: 'reads', attributes: {} };
/** Somebody whom the directory knows and no line gives a role. */
export const ZHAO = { name: 'zhao.lei', password: 'zhao has a password', id: 'a1b2c3d4' };

export interface Directory {
  /** The file that names it, for VOXKEEP_SIGN_IN. */
  signInFile: string;
  close(): Promise<void>;
}

/** A company's directory with one person in it. */
export async function openDirectory(): Promise<Directory> {
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-directory-'));
  const { authority, ...certificate } = await testCertificate();
  const zhao = {
    dn: `uid=${ZHAO.name},dc=example`,
    password: ZHAO.password,
    attributes: {
      ...{ objectClass: ['person'], uid: [ZHAO.name], cn: ['赵磊'] },
      entryUUID: [Buffer.from(ZHAO.id, 'hex')],
    },
  };
  const server = await ldapServer([READER, zhao], READER.dn, {
    ...{ ...certificate, from: 'first byte' },
  });
  const signInFile = join(folder, 'sign-in.yaml');
  writeFileSync(join(folder, 'authority.pem'), authority);
  writeFileSync(join(folder, 'password'), READER.password);
  const provider = {
    ...{ id: 'ad', kind: 'ldap', label: { zh: '域账号', en: 'Directory' }, url: server.url },
    ...{ authorityFile: join(folder, 'authority.pem'), bindDn: READER.dn, base: 'dc=example' },
    ...{ bindPasswordFile: join(folder, 'password'), roles: [] },
  };
  writeFileSync(signInFile, JSON.stringify({ providers: [provider] }));
  return {
    signInFile,
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
