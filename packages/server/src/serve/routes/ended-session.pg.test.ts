import { request } from 'node:https';
import type { SessionsView } from '@voxkeep/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { archivedCall } from '../archived-call.testing.ts';
import { type ServeScene, serveScene } from '../serve-scene.testing.ts';

let scene: ServeScene;
beforeAll(async () => {
  scene = await serveScene();
});
afterAll(() => scene.close());

const SECOND_MS = 1000;
/** What ends between two questions that are a second apart, on a machine with other work. */
const MOST_MS = 2.5 * SECOND_MS;

it('a session that is ended ends the stream that runs in it', async () => {
  const listener = await scene.person('qa');
  const elsewhere = await scene.person('qa');
  const call = await archivedCall(scene, { durationS: 600 });
  const json = { 'content-type': 'application/json' };
  const path = `/api/v1/records/${call.id}`;
  const asked = await scene.send('POST', `${path}/ticket`, { ...listener, ...json }, '{}');
  const { ticket } = JSON.parse(asked.text) as { ticket: string };
  const heard = await play(`${path}/media?ticket=${ticket}`, listener);
  expect(heard.status).toBe(200);

  const listed = await scene.send('GET', '/api/v1/session/list', elsewhere);
  const { sessions } = JSON.parse(listed.text) as SessionsView;
  const [theirs] = sessions.filter(({ current }) => !current);
  const ended = await scene.send('DELETE', `/api/v1/session/list/${theirs?.id}`, elsewhere);
  expect(ended.status).toBe(204);
  const endedAt = performance.now();
  await heard.over;
  expect(performance.now() - endedAt).toBeLessThan(MOST_MS);
  expect(heard.bytes()).toBeGreaterThan(0);
  expect(heard.bytes()).toBeLessThan(call.media.length);
});

/** Listens as a player does, to whatever comes. */
function play(path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; bytes(): number; over: Promise<void> }>(
    (resolve, reject) => {
      const { port } = scene;
      const to = { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false };
      const sent = request({ ...to, agent: false }, (answer) => {
        let bytes = 0;
        const over = new Promise<void>((done) => {
          answer.once('close', () => done());
        });
        answer.on('error', () => undefined);
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          resolve({ status: answer.statusCode ?? 0, bytes: () => bytes, over });
        });
      });
      sent.on('error', reject);
      sent.end();
    },
  );
}
