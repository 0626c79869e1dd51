import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fillTables, type JournalScene, journalScene } from './journal-scene.testing.ts';
import { startJournal } from './start-journal.ts';
import { writeSegment } from './write-segment.ts';

let scene: JournalScene;
beforeAll(async () => {
  scene = await journalScene();
});
afterAll(() => scene.close());

const gaps = async () =>
  (await scene.db.selectFrom('journal_gap').select('key').execute()).map(({ key }) => key);

test('what a site misses is brought to it as soon as the journal is begun, however much it is', async () => {
  const [, , cloud] = scene.sites;
  if (cloud === undefined) throw new TypeError('cloud');
  cloud.reachable = false;
  await fillTables(scene.db, 1);
  await writeSegment(scene.writer);
  const [key = ''] = await gaps();
  // More than one turn brings, all of the same bytes.
  const [hq] = scene.stores;
  for (let more = 0; more < 250; more += 1) {
    const other = key.replace(/-[0-9a-f]{8}/, `-${String(more).padStart(8, '0')}`);
    await hq?.put(other, hq.get(key));
    await scene.db
      .insertInto('journal_gap')
      .values({ site: 'cloud', key: other, since: new Date() })
      .execute();
  }
  cloud.reachable = true;
  const journal = startJournal({ ...scene.writer, everyMs: 50, onError: () => undefined });
  for (let waited = 0; waited < 5000 && (await gaps()).length > 0; waited += 50) await sleep(50);
  await journal.stop();
  expect(await gaps()).toEqual([]);
  expect(await cloud.stat('journal', key)).toBeDefined();
});
