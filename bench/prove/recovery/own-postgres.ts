import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type EmbeddedServer,
  startEmbeddedServer,
} from '../../../packages/server/src/platform/postgres/embedded-server.ts';

/** A PostgreSQL of the proof's own, as a buyer may have one: it outlives the archive's kills. */
export class OwnPostgres {
  readonly #folder: string;
  readonly #durable: boolean;
  readonly #password = randomBytes(12).toString('hex');
  #server: EmbeddedServer | undefined;

  /** One that is never killed need not be durable. */
  constructor(folder: string, durable = true) {
    this.#folder = folder;
    this.#durable = durable;
    mkdirSync(folder, { recursive: true });
  }

  async start(): Promise<void> {
    this.#server = await startEmbeddedServer({
      ...{ dataDir: join(this.#folder, 'pg'), socketDir: join(this.#folder, 'run') },
      ...{ password: this.#password, durable: this.#durable },
      settings: { max_connections: '200', shared_buffers: '256MB' },
    });
  }

  /** Once it was killed: whoever keeps it starts it again by itself. */
  async untilBack(): Promise<void> {
    for (let waited = 0; ; waited += 200) {
      try {
        await this.ask('postgres', 'select 1');
        return;
      } catch (error) {
        if (waited > 60_000) throw error;
        await sleep(200);
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async create(database: string): Promise<void> {
    await this.ask('postgres', `create database ${database}`);
  }

  /** A file with the URL of a database, as the archive takes it. */
  urlFile(database: string): string {
    const host = encodeURIComponent(join(this.#folder, 'run'));
    const file = join(this.#folder, `${database}.url`);
    const url = `postgresql://voxkeep:${this.#password}@${host}/${database}`;
    writeFileSync(file, `${url}\n`, { mode: 0o600 });
    return file;
  }

  async connect(database: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: readFileSync(this.urlFile(database), 'utf8').trim(),
    });
    // A backend that the proof kills ends this connection too.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async ask<Row extends object>(
    database: string,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(text, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** The process id of the server, or of one of its backends. */
  get pid(): number {
    return Number(readFileSync(join(this.#folder, 'pg/postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async backend(database: string): Promise<number | undefined> {
    const rows = await this.ask<{ pid: number }>(
      'postgres',
      `select pid from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()
       order by random() limit 1`,
      [database],
    );
    return rows[0]?.pid;
  }
}
