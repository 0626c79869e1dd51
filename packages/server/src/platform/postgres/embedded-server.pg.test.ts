import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { type EmbeddedServer, startEmbeddedServer } from './embedded-server.ts';

let folder: string;
let server: EmbeddedServer | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxkeep-server-'));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = () =>
  startEmbeddedServer({
    ...{ dataDir: join(folder, 'pg'), socketDir: join(folder, 'run'), password: 'secret' },
    durable: false,
    settings: { shared_buffers: '16MB' },
  });

const pidNow = async () =>
  Number(
    (await readFile(join(folder, 'pg/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
  );

it('a server that is killed is started again, and never passes for ready before it is', async () => {
  server = await start();
  const connection = connect(server.address, { maxConnections: 1 });
  for (let round = 0; round < 3; round += 1) {
    const before = await pidNow();
    process.kill(before, 'SIGKILL');
    for (let waited = 0; ; waited += 100) {
      const one = await connection.pool.query('select 1 as one').catch(() => undefined);
      if (one !== undefined && (await pidNow()) !== before) break;
      if (waited > 30_000) throw new Error('it was not started again');
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  await connection.close();
  await server.stop();
  server = undefined;
  await new Promise((done) => setTimeout(done, 1500));
  expect(await pidNow()).toBe(0);
});
