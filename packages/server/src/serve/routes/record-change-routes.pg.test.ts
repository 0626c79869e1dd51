import { afterAll, beforeAll, expect, test } from 'vitest';
import { entryBody } from '../../ledger/entry.ts';
import { archivedCall } from '../archived-call.testing.ts';
import type { ChangePort } from '../ports.ts';
import { type ServeScene, serveScene } from '../serve-scene.testing.ts';

const entries: string[] = [];
const changes: ChangePort = {
  async reclassify(recordId, { actor, commitment }) {
    const purpose = { category: 'reclassification', commitment };
    const act = { action: 'record.classify', resource: recordId, outcome: 'ok' } as const;
    entries.push(
      JSON.stringify(
        entryBody({ actorId: actor.id, actorRole: actor.role, ...act, purpose }, new Date()),
      ),
    );
    return 'done';
  },
};
let scene: ServeScene;
beforeAll(async () => {
  scene = await serveScene({}, { deps: { changes } });
});
afterAll(() => scene.close());

test('the reason of another tier is committed to as the ledger takes it, and its words stay out', async () => {
  const { id } = await archivedCall(scene, { durationS: 1 });
  const headers = { ...(await scene.person('compliance')), 'content-type': 'application/json' };
  const body = JSON.stringify({ tier: 'core', reason: '客户投诉升级' });
  const answer = await scene.send('POST', `/api/v1/records/${id}/reclassify`, headers, body);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { state: 'done' }]);
  expect(entries).toHaveLength(1);
  expect(entries[0]).not.toContain('投诉');
});
