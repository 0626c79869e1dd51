import { connect as connectPlain, isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import {
  AndFilter,
  Client,
  type Entry,
  EqualityFilter,
  FilterParser,
  InvalidCredentialsError,
} from 'ldapts';
import type { PasswordProvider, ProvenIdentity } from '../../access/identity/ports.ts';
import { ArchiveError } from '../../core/errors.ts';

export interface LdapOptions {
  id: string;
  label: { zh: string; en: string };
  /** ldaps://host:port, or ldap:// with StartTLS. */
  url: string;
  /** PEM of the issuer of its certificate, where that is not a public one. */
  authority?: string | undefined;
  /** Who searches; the directory's own people often may not. */
  bindDn: string;
  bindPassword: string;
  base: string;
  /** What every person's entry fulfils, RFC 4515. */
  filter: string;
  /** The attribute that holds what people type as their name. */
  usernameAttribute: string;
  /** The attribute that never changes: entryUUID, objectGUID. */
  idAttribute: string;
  nameAttribute: string;
  personAttribute?: string | undefined;
  /** Further attributes that roles are mapped from, such as memberOf. */
  claims: readonly string[];
  /** How long one answer is waited for; ten seconds where nothing is said. */
  timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 10_000;

/**
 * LDAP and Active Directory: an account of its own searches for the person's entry, and a bind as that
 * entry proves the password. Always under TLS, from the first byte or after StartTLS; a connection
 * that breaks is not made again in the middle.
 */
export function ldapProvider(options: LdapOptions): PasswordProvider {
  const { timeoutMs = TIMEOUT_MS } = options;
  const secure = options.url.startsWith('ldaps:');
  const ca = options.authority === undefined ? {} : { ca: options.authority };
  const host = new URL(options.url).hostname;
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const tlsOptions: ConnectionOptions = { ...ca, ...servername, host, minVersion: 'TLSv1.2' };

  const open = async (): Promise<Client> => {
    let connections = 0;
    const client = new Client({
      ...{ url: options.url, timeout: timeoutMs, connectTimeout: timeoutMs },
      ...(secure ? { tlsOptions } : {}),
      // The library connects again by itself, and would then bind without TLS.
      createConnection: ((port: number, host: string) => {
        connections += 1;
        if (connections > 1) throw new Error('the connection broke');
        return connectPlain(port, host);
      }) as typeof connectPlain,
    });
    if (!secure) await client.startTLS(tlsOptions);
    return client;
  };
  const within = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    let client: Client | undefined;
    try {
      client = await open();
      return await work(client);
    } catch (cause) {
      throw new ArchiveError('PROVIDER_UNREACHABLE', 'the identity provider does not answer', {
        ...{ retry: 'later' as const, cause },
      });
    } finally {
      await client?.unbind().catch(() => undefined);
    }
  };

  return {
    ...{ kind: 'password', id: options.id, label: options.label },
    async prove(username, password) {
      // RFC 4513, 5.1.2: a bind without a password succeeds, and proves nothing.
      if (password === '' || username === '') return undefined;
      const entry = await within(async (client) => {
        await client.bind(options.bindDn, options.bindPassword);
        return theOnly(await client.search(options.base, searchFor(options, username)));
      });
      if (entry === undefined) return undefined;
      const right = await within(async (client) => {
        try {
          await client.bind(entry.dn, password);
          return true;
        } catch (error) {
          if (error instanceof InvalidCredentialsError) return false;
          throw error;
        }
      });
      return right ? identityOf(options, entry) : undefined;
    },
  };
}

/** The name goes in as a value, never as a piece of a filter. */
function searchFor(options: LdapOptions, username: string) {
  const { usernameAttribute: attribute, idAttribute, nameAttribute, personAttribute } = options;
  const named = new EqualityFilter({ attribute, value: username });
  const filters = [FilterParser.parseString(options.filter), named];
  const person = personAttribute === undefined ? [] : [personAttribute];
  return {
    ...{ scope: 'sub' as const, sizeLimit: 2, timeLimit: TIMEOUT_MS / 1000 },
    filter: new AndFilter({ filters }),
    attributes: [attribute, idAttribute, nameAttribute, ...person, ...options.claims],
    explicitBufferAttributes: [idAttribute],
  };
}

/** Two people of one name: nobody knows which of them it is. */
const theOnly = ({ searchEntries }: { searchEntries: Entry[] }): Entry | undefined =>
  searchEntries.length === 1 ? searchEntries[0] : undefined;

function identityOf(options: LdapOptions, entry: Entry): ProvenIdentity | undefined {
  const [id] = [entry[options.idAttribute]].flat();
  if (id === undefined || id.length === 0) return undefined;
  const values = (name: string | undefined) =>
    name === undefined ? [] : [entry[name] ?? []].flat().map(String);
  const given = {
    displayName: values(options.nameAttribute)[0],
    username: values(options.usernameAttribute)[0],
    personId: values(options.personAttribute)[0],
  };
  return {
    subject: Buffer.from(id).toString('hex'),
    claims: Object.fromEntries(options.claims.map((name) => [name, values(name)])),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
