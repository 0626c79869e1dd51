import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sealedAssociatedData, sealStream } from '../../../packages/proof/src/index.ts';
import { systemClock } from '../../../packages/server/src/core/clock.ts';
import type { ObjectId, RecordId } from '../../../packages/server/src/core/ids.ts';
import { systemRandom } from '../../../packages/server/src/core/random.ts';
import {
  createKeyRoom,
  type KeyStore,
  openKeyFolder,
} from '../../../packages/server/src/keys/index.ts';
import { envelopeKey, objectKey } from '../../../packages/server/src/place/site-set.ts';
import type { Pool } from '../../../packages/server/src/record/vocabulary.ts';
import type { TestArchive } from '../test-archive.ts';

/** An object, and where its bytes and its envelope lie below a site's folder. */
interface Planted {
  id: string;
  record: string;
  pool: string;
  key: string;
  envelope: string;
}

/** An archive, and the hands of whoever has its disks, its keys and its database. */
export class Scene {
  readonly archive: TestArchive;
  readonly pool: pg.Pool;
  readonly keys: string;
  /** An id of something that the archive has not. */
  readonly uuid = randomUUID();
  /** A record whose transcript somebody has read. */
  read = '';
  /** The rules of retention that the archive was started with. */
  rules = '';
  readonly #store: KeyStore;

  private constructor(archive: TestArchive, store: KeyStore) {
    this.archive = archive;
    this.#store = store;
    this.keys = archive.keys;
    this.pool = new pg.Pool({
      ...{ host: join(archive.data, 'run'), port: 5432, user: 'voxkeep', database: 'postgres' },
      ...{ password: store.secret('postgres-password').toString('hex'), max: 2 },
    });
  }

  static async of(archive: TestArchive): Promise<Scene> {
    const { archiveId } = JSON.parse(readFileSync(join(archive.data, 'archive.json'), 'utf8'));
    const shared = { archiveId, clock: systemClock, random: systemRandom };
    return new Scene(archive, await openKeyFolder({ folder: archive.keys, ...shared }));
  }

  async ask<Row>(text: string): Promise<Row[]> {
    return (await this.pool.query(text)).rows as Row[];
  }
  async run(text: string): Promise<void> {
    await this.pool.query(text);
  }
  /** The only value of the only row. */
  async one(text: string): Promise<string> {
    const [row] = await this.ask<Record<string, string>>(text);
    return Object.values(row ?? {})[0] ?? '';
  }

  at = (site: string, key: string): string => join(this.archive.data, 'sites', site, key);

  /** The first object of that kind; a basic one is that of a record of whose term nothing is open. */
  async object(tier: string, purpose: string): Promise<Planted> {
    const [row] = await this.ask<{ id: string; record: string; pool: string }>(
      `select o.id, o.record_id as record, o.pool from sealed_object o
        join record r on r.id = o.record_id join record_term t on t.record_id = r.id
        where o.pool = '${tier}' and o.purpose = '${purpose}' and o.destroyed_at is null
          and r.state = 'archived' and not t.open_ended order by o.id limit 1`,
    );
    return placed(row, `${tier} ${purpose}`);
  }

  async destroyed(): Promise<Planted> {
    const [row] = await this.ask<{ id: string; record: string; pool: string }>(
      `select id, record_id as record, pool from sealed_object
        where destroyed_at is not null and pool = 'quarantine' order by id limit 1`,
    );
    return placed(row, 'destroyed');
  }

  /** What waits in quarantine for its time. */
  async original(): Promise<Planted> {
    const [row] = await this.ask<{ id: string; record: string; pool: string }>(
      `select o.id, o.record_id as record, o.pool from sealed_object o
        join record r on r.id = o.record_id where o.pool = 'quarantine' and o.purpose = 'original'
          and o.destroyed_at is null and r.tier = 'sensitive' and r.state = 'archived'
          and (select count(*) from sealed_object p where p.record_id = r.id
            and p.pool = 'quarantine' and p.destroyed_at is null) = 1
        order by o.id limit 1`,
    );
    return placed(row, 'original');
  }

  /** A record for which some rule sets a maximum. */
  withMaximum = (): Promise<string> =>
    this.one(`select record_id from record_term where at_most is not null and not open_ended
      order by record_id limit 1`);

  async sitesOf(id: string): Promise<string[]> {
    const text = `select site from object_copy where object_id = '${id}'`;
    return (await this.ask<{ site: string }>(text)).map(({ site }) => site);
  }

  /** A row that says that something was granted; `times` are its beginning and its end. */
  request(kind: string, times: string, state: string): string {
    const columns = 'canonical, purpose_category, sealed_purpose, created_at, decide_by';
    return `insert into access_request (id, kind, state, requester_id, requester_person, holder_id,
      ${columns}, live_since, ends_at) values ('${this.uuid}', '${kind}', '${state}', 'x', 'p', 'x',
      '{}', 'audit', '\\x00', now(), now(), ${times})`;
  }

  /** Seals another transcript in the place of one, at every site, with the key that is its own. */
  async leak(text: string): Promise<{ id: string; record: string; undo(): Promise<void> }> {
    const { id, record, pool, key, envelope } = await this.object('core', 'redacted-transcript');
    const wrapped = readFileSync(this.at('hq', envelope));
    const room = createKeyRoom({
      ...{ store: this.#store, clock: systemClock, random: systemRandom },
      envelopes: {
        async *read() {
          yield wrapped;
        },
        write: async () => undefined,
        destroy: async () => undefined,
        discard: async () => undefined,
      },
    });
    const ref = { recordId: record as RecordId, objectId: id as ObjectId, pool: pool as Pool };
    const secret = await room.openKey(ref);
    room.close();
    const turn = { channel: 1, speaker: 'customer', startMs: 0, endMs: 900, text, words: [] };
    const plain = Buffer.from(JSON.stringify({ language: 'zh', source: 'x', turns: [turn] }));
    const bound = sealedAssociatedData({ recordId: record, objectId: id, version: 1, pool });
    const parts: Uint8Array[] = [];
    for await (const part of sealStream(secret, bound)([plain])) parts.push(part);
    const sealed = Buffer.concat(parts);
    const sites = await this.sitesOf(id);
    const before = sites.map((site) => readFileSync(this.at(site, key)));
    for (const site of sites) writeFileSync(this.at(site, key), sealed);
    const set = (bytes: Buffer, size: number) =>
      this.run(`update sealed_object set sealed_bytes = ${bytes.length}, plain_bytes = ${size},
        sealed_sha256 = decode('${createHash('sha256').update(bytes).digest('hex')}', 'hex')
        where id = '${id}'`);
    const was = Number(await this.one(`select plain_bytes from sealed_object where id = '${id}'`));
    await set(sealed, plain.length);
    return {
      ...{ id, record },
      undo: async () => {
        for (const [at, site] of sites.entries()) {
          writeFileSync(this.at(site, key), before[at] ?? Buffer.alloc(0));
        }
        await set(before[0] ?? Buffer.alloc(0), was);
      },
    };
  }

  /** An administrator gives somebody a second account; to undo that, it is locked. */
  async twin(): Promise<{ first: string; second: string; undo(): Promise<void> }> {
    const name = `twin${Date.now() % 100_000}`;
    const account = {
      ...{ username: name, displayName: '双号', role: 'trainer', personId: 'D0004' },
      password: `${randomUUID()}Aa1`,
    };
    await this.post('admin', '/accounts', account);
    const first = await this.one("select actor_id from staff where username = 'qa'");
    const second = await this.one(`select actor_id from staff where username = '${name}'`);
    const undo = async () => void (await this.post('admin', `/accounts/${second}/lock`, {}));
    return { first, second, undo };
  }

  async post<T>(who: string, path: string, body: object): Promise<T> {
    const json = { 'content-type': 'application/json' };
    const sent = Buffer.from(JSON.stringify(body));
    const answer = await this.archive.ask(who, 'POST', path, sent, json);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return (answer.body.length === 0 ? {} : JSON.parse(answer.body.toString())) as T;
  }
}

function placed(
  row: { id: string; record: string; pool: string } | undefined,
  what: string,
): Planted {
  if (row === undefined) throw new Error(`the archive has no ${what}`);
  const below = (key: string) => `${row.pool}/${key}`;
  return { ...row, key: below(objectKey(row.id)), envelope: below(envelopeKey(row.id)) };
}
