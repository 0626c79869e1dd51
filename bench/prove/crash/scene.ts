import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { OwnPostgres } from '../recovery/own-postgres.ts';
import { type Answer, TestArchive } from '../test-archive.ts';

const DAY_MS = 86_400_000;
const DATABASE = 'voxkeep';

/** An archive that is ended again and again, over a PostgreSQL that is not. */
export class Scene {
  readonly archive = new TestArchive();
  readonly postgres = new OwnPostgres(join(this.archive.folder, 'postgres'), false);
  readonly #clock = join(this.archive.folder, 'clock');
  #daysBehind: number;
  #catalog: pg.Client | undefined;

  /** `days` ahead of it can pass: it begins in the past, because its PostgreSQL goes by the real time. */
  constructor(days: number) {
    this.#daysBehind = days;
    mkdirSync(this.archive.temp, { recursive: true });
    this.#setClock();
  }

  /** Makes PostgreSQL and the archive. */
  async make(): Promise<void> {
    await this.postgres.start();
    await this.postgres.create(DATABASE);
    this.#catalog = await this.postgres.connect(DATABASE);
    await this.start();
  }

  /** Resolves once it serves. Rejects with what it said when it ended. */
  async start(): Promise<void> {
    const clock = join(import.meta.dirname, '../access/shift-clock.ts');
    await this.archive.start([], ['--import', clock], {
      DATABASE_URL_FILE: this.postgres.urlFile(DATABASE),
      // One thread makes every call on files, so that they can be counted.
      UV_THREADPOOL_SIZE: '1',
      NODE_COMPILE_CACHE: join(this.archive.folder, 'compiled'),
      VOXKEEP_LOG_LEVEL: 'warn',
      VOXKEEP_JOURNAL_SECONDS: '1',
      VOXKEEP_DRILL_DAYS: '0',
      PROVE_CLOCK: this.#clock,
    });
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

  get catalog(): pg.Client {
    if (this.#catalog === undefined) throw new Error('the scene is not made');
    return this.#catalog;
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
    return this.archive.lastWords;
  }

  async end(): Promise<void> {
    await this.archive.kill();
    await this.#catalog?.end();
    await this.postgres.stop();
    this.archive.remove();
  }

  #setClock(): void {
    writeFileSync(`${this.#clock}.new`, String(-this.#daysBehind * DAY_MS));
    renameSync(`${this.#clock}.new`, this.#clock);
  }
}
