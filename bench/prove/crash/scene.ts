import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../../packages/server/src/platform/postgres/embedded-server.ts';
import { type Answer, TestArchive } from '../test-archive.ts';

const DAY_MS = 86_400_000;

/** An archive that is ended again and again, over a PostgreSQL that is not. */
export class Scene {
  readonly archive: TestArchive;
  readonly catalog: pg.Pool;
  readonly #server: EmbeddedServer;
  readonly #env: Record<string, string>;
  readonly #clock: string;
  #daysBehind: number;

  private constructor(make: { server: EmbeddedServer; archive: TestArchive; days: number }) {
    this.#daysBehind = make.days;
    this.archive = make.archive;
    this.#server = make.server;
    this.#clock = join(this.archive.folder, 'clock');
    const { address } = make.server;
    if ('url' in address) throw new TypeError('the proof runs its own server');
    const { host, user, password, database } = address;
    this.catalog = new pg.Pool({ host, user, password, database, max: 2 });
    this.catalog.on('error', () => undefined);
    const url = `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`;
    const urlFile = join(this.archive.folder, 'database-url');
    writeFileSync(urlFile, url, { mode: 0o600 });
    this.#env = {
      DATABASE_URL_FILE: urlFile,
      // One thread makes every call on files, so that they can be counted.
      UV_THREADPOOL_SIZE: '1',
      NODE_COMPILE_CACHE: join(this.archive.folder, 'compiled'),
      VOXKEEP_LOG_LEVEL: 'warn',
      PROVE_CLOCK: this.#clock,
    };
    this.#setClock();
  }

  /** `days` ahead of it can pass: it begins in the past, because its PostgreSQL goes by the real time. */
  static async make(days: number): Promise<Scene> {
    const archive = new TestArchive();
    mkdirSync(archive.temp, { recursive: true });
    const server = await startEmbeddedServer({
      dataDir: join(archive.folder, 'pg'),
      socketDir: join(archive.folder, 'socket'),
      password: randomUUID(),
      durable: false,
    });
    return new Scene({ server, archive, days });
  }

  /** Resolves once it serves. Rejects with what it said when it ended. */
  async start(): Promise<void> {
    const clock = join(import.meta.dirname, '../access/shift-clock.ts');
    await this.archive.start([], ['--import', clock], this.#env);
  }

  async restart(): Promise<void> {
    await this.archive.kill();
    await this.start();
  }

  now(): Date {
    return new Date(Date.now() - this.#daysBehind * DAY_MS);
  }

  /** The archive's clock is a day on when it is started next. */
  nextDay(): void {
    this.#daysBehind = Math.max(0, this.#daysBehind - 1);
    this.#setClock();
  }

  async rows<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.catalog.query<T>(text, values)).rows;
  }

  /** As `TestArchive.ask`; a session that is over is made anew. */
  async ask(who: string, method: string, path: string, body?: Buffer, type?: string) {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const ask = (): Promise<Answer> => this.archive.ask(who, method, path, body, headers);
    const answer = await ask();
    if (answer.status !== 401 || who === 'service') return answer;
    this.archive.forgetSessions();
    return ask();
  }

  /** The last lines of the archive's log. */
  get lastWords(): string {
    return readFileSync(this.archive.log, 'utf8').trimEnd().split('\n').slice(-4).join('\n');
  }

  async end(): Promise<void> {
    await this.archive.kill();
    await this.catalog.end();
    await this.#server.stop();
    this.archive.remove();
  }

  #setClock(): void {
    writeFileSync(`${this.#clock}.new`, String(-this.#daysBehind * DAY_MS));
    renameSync(`${this.#clock}.new`, this.#clock);
  }
}
