import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../access/client.ts';
import { ArchiveClock } from '../access/clock.ts';
import { done } from '../access/passkeys.ts';
import type { Person } from '../access/people.ts';
import { uploadOf } from '../calls.ts';
import { shortCall } from '../recovery/short-calls.ts';
import { ask, signIn } from '../retention/ask.ts';
import { certify, hireStaff, type Staff } from '../retention/staff.ts';
import { TestArchive } from '../test-archive.ts';

const YEAR_MS = 365.25 * 86_400_000;
const LONGEST_MS = 600_000;
const LANES = 4;

/** Nothing is disposed of by itself, and nothing walks about but when the proof says so. */
const SETTINGS = {
  ...{ VOXKEEP_DRILL_DAYS: '0', VOXKEEP_JOURNAL_SECONDS: '1', VOXKEEP_LOG_LEVEL: 'warn' },
  ...{ VOXKEEP_DISPOSAL_AT: 'none', VOXKEEP_DISPOSALS_ALONE: '1' },
  VOXKEEP_DISPOSALS_PER_MINUTE: '60000',
};

/** An archive some years ago, its people, and its address, to which passkeys belong. */
export class Stage {
  readonly archive = new TestArchive();
  /** Behind, so that nothing lies in the future of its PostgreSQL when years have gone by. */
  readonly clock = new ArchiveClock(this.archive, -3 * YEAR_MS);
  readonly #port: number;
  staff!: Staff;
  operator!: Person;
  qa!: Person;

  private constructor(port: number) {
    this.#port = port;
  }

  static async set(): Promise<Stage> {
    const stage = new Stage(await freePort());
    await certify(stage.archive);
    const words = await stage.start(['--empty']);
    stage.staff = await hireStaff(stage.archive, words);
    stage.operator = await stage.#hire('operator');
    stage.qa = await stage.#hire('qa');
    return stage;
  }

  start(args: string[] = []): Promise<string> {
    const { nodeArgs, env } = this.clock;
    const port = ['--port', String(this.#port)];
    return this.archive.start([...port, ...args], nodeArgs, { ...env, ...SETTINGS });
  }

  async restart(between: () => void = () => undefined): Promise<void> {
    const code = await this.archive.stop();
    if (code !== 0) throw new Error(`the archive ended with ${code}`);
    between();
    await this.start();
  }

  /** Calls of a second or two, each archived. Resolves to their ids by number. */
  async take(numbers: readonly number[]): Promise<Map<number, string>> {
    const ids = new Map<number, string>();
    const left = [...numbers];
    const headers = { authorization: `Bearer ${await this.staff.issueKey()}` };
    const lane = async () => {
      for (let n = left.shift(); n !== undefined; n = left.shift()) {
        const call = shortCall(n);
        const startedAt = new Date(this.clock.now().getTime() - 3_600_000).toISOString();
        const upload = uploadOf({ ...call, metadata: { ...call.metadata, startedAt } });
        const answer = await this.archive.asNobody('POST', '/records', upload.body, {
          ...{ ...headers, 'content-type': upload.contentType },
        });
        if (answer.status !== 201) throw new Error(`a call: ${answer.status} ${answer.body}`);
        ids.set(n, (JSON.parse(answer.body.toString()) as { id: string }).id);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    for (const id of ids.values()) {
      await until(async () => {
        const { body } = await this.archive.asNobody(
          'GET',
          `/records/${id}/status`,
          undefined,
          headers,
        );
        const { state, reason } = JSON.parse(body.toString()) as { state: string; reason?: string };
        if (state === 'quarantined') throw new Error(`the call ${id}: ${reason}`);
        return state === 'archived';
      }, `the call ${id}`);
    }
    return ids;
  }

  async goAhead(days: number): Promise<void> {
    const byMs = days * 86_400_000;
    await this.clock.goAhead(byMs, this.staff.officer.client, () => signIn(this.staff.officer));
  }

  keys<T>(method: string, path = '', body?: unknown): Promise<T> {
    return ask<T>(this.operator, method, `/keys${path}`, body);
  }

  async #hire(role: 'operator' | 'qa'): Promise<Person> {
    const { archive } = this;
    const admin = new Client(archive);
    const account = archive.accounts.accounts.find(({ username }) => username === 'admin');
    await admin.signIn('admin', account?.password ?? '');
    const personId = `K-${role}`;
    const made = { role, username: `one-${role}`, password: `a-${crypto.randomUUID()}`, personId };
    const answer = await admin.post('/accounts', { ...made, displayName: role });
    const { id } = done(answer) as { id: string };
    admin.close();
    const person: Person = { ...made, id, client: new Client(archive) };
    await signIn(person);
    return person;
  }
}

/** Looks again and again until it is so. */
export async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LONGEST_MS; ) {
    if (await look()) return;
    await sleep(100);
  }
  throw new Error(`${what} does not come to its end`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
