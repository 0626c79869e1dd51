import type { AccessRequestView, Ticket } from '@voxkeep/contract';
import { ROUTES } from '@voxkeep/contract/openapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../access/policy-table.ts';
import { archivedCall } from '../archived-call.testing.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

let scene: ServeScene;
let id: string;
beforeAll(async () => {
  scene = await serveScene();
  id = (await archivedCall(scene, { durationS: 2 })).id;
});
afterAll(() => scene.close());

const ROLES: Role[] = ['compliance', 'qa', 'auditor', 'agent', 'trainer'];
const JSON_TYPE = { 'content-type': 'application/json' };

/** As a disposal leaves the rows: the record's own, emptied, and none of its call. */
async function dispose(): Promise<void> {
  const { db } = scene.intake.database;
  await db
    .updateTable('record')
    .set({ state: 'disposed', facts: '{}' })
    .where('id', '=', id)
    .execute();
  await db.deleteFrom('call_leg').where('record_id', '=', id).execute();
  await db.deleteFrom('call').where('id', '=', id).execute();
}

test('every door of a record that is gone says so, to whoever had a door; one that is open closes', async () => {
  const qa = await scene.person('qa');
  const path = `/api/v1/records/${id}`;
  const made = await scene.send('POST', `${path}/ticket`, { ...qa, ...JSON_TYPE }, '{}');
  const { ticket } = JSON.parse(made.text) as Ticket;
  expect((await scene.send('GET', `${path}/media?ticket=${ticket}`, qa)).status).toBe(200);
  await dispose();
  const played = await scene.send('GET', `${path}/media?ticket=${ticket}`, qa);
  expect([played.status, problemIn(played).code]).toEqual([410, 'RECORD_DISPOSED']);
  const doors = ROUTES.filter(
    ({ problems }) => problems?.[410]?.includes('RECORD_DISPOSED') === true,
  ).filter(({ path: at, method }) => at.startsWith('/api/v1/records/:id') && method === 'get');
  expect(doors.length).toBeGreaterThanOrEqual(5);
  for (const role of ROLES) {
    const headers = await scene.person(role);
    for (const door of doors) {
      const answer = await scene.send(
        'GET',
        door.path.replace(':id', id).replace(':n', '0'),
        headers,
      );
      expect([role, door.path, answer.status]).toEqual([role, door.path, 410]);
    }
  }
});

test('access to it cannot be asked for any more', async () => {
  const body = JSON.stringify({
    ...{ recordIds: [id], fields: ['media'], minutes: 30 },
    purpose: { category: 'dispute', text: '需要核对原话' },
  });
  const auditor = { ...(await scene.person('auditor')), ...JSON_TYPE };
  const asked = await scene.send('POST', '/api/v1/access/requests', auditor, body);
  const { code } = JSON.parse(asked.text) as AccessRequestView & { code?: string };
  expect([asked.status, code]).toEqual([404, 'RECORD_UNKNOWN']);
});
