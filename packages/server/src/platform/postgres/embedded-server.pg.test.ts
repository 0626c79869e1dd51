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

it('a server that was killed does not pass for one that is ready at the next start', async () => {
  await start();
  for (let round = 0; round < 3; round += 1) {
    const [pid] = (await readFile(join(folder, 'pg/postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    server = await start();
    const connection = connect(server.address, { maxConnections: 1 });
    const { rows } = await connection.pool.query('select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
    await connection.close();
  }
});
