import type { AccountView } from '@voxkeep/contract';
import type { Role } from '../../../test/oracle/access-table.ts';
import type { TestArchive } from '../test-archive.ts';
import { Client } from './client.ts';

export interface Wanted {
  role: Role;
  agentId?: string;
  teamId?: string;
  /** 工号; somebody new without one. */
  personId?: string;
}

/** Somebody with an account and, once signed in, a session. */
export interface Person extends Wanted {
  id: string;
  username: string;
  password: string;
  personId: string;
  client: Client;
}

/** The accounts of a proof, made by its administrator. */
export class People {
  readonly #archive: TestArchive;
  readonly admin: Client;
  #made = 0;

  private constructor(archive: TestArchive, admin: Client) {
    this.#archive = archive;
    this.admin = admin;
  }

  /** With the administrator of the archive's demo accounts. */
  static async of(archive: TestArchive): Promise<People> {
    const admin = new Client(archive);
    const people = new People(archive, admin);
    await people.signInAdmin();
    return people;
  }

  /** Again, as for everybody, once the session is old. */
  async signInAdmin(): Promise<void> {
    const account = this.#archive.accounts.accounts.find(({ username }) => username === 'admin');
    const status = await this.admin.signIn('admin', account?.password ?? '');
    if (status !== 200) throw new Error(`the administrator signs in: ${status}`);
  }

  /** A new account, signed in. */
  async make(wanted: Wanted): Promise<Person> {
    this.#made += 1;
    const username = `somebody-${this.#made}`;
    const password = `a-${crypto.randomUUID()}`;
    const personId = wanted.personId ?? `P${this.#made}`;
    const account = { ...wanted, username, password, personId, displayName: username };
    const { status, body, bytes } = await this.admin.post('/accounts', account);
    if (status !== 201) throw new Error(`POST /accounts ${wanted.role}: ${status} ${bytes}`);
    const client = new Client(this.#archive);
    const person = { ...wanted, username, password, personId, client };
    const { id } = body as AccountView;
    await client.signIn(username, password);
    return { ...person, id };
  }
}
