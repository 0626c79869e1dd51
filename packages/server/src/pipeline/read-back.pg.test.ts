import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IntakeScene } from '../intake/intake-scene.testing.ts';
import { advanceRecord } from './advance-record.ts';
import {
  FIRST,
  ID_CALL,
  noFaults,
  pipelineOver,
  receive,
  sampleScene,
} from './pipeline-scene.testing.ts';

let scene: IntakeScene;
beforeEach(async () => {
  scene = await sampleScene();
});
afterEach(() => scene.close());

/** Sites are read back side by side. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

const filesAt = async (site: string, kind: string) => {
  const folder = join(scene.folder, 'sites', site, 'sensitive', kind);
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
};

test.each(['deleted', 'spoilt'] as const)(
  'a copy that its site has %s since it took it is brought again, and the record is archived',
  async (what) => {
    const pipeline = await pipelineOver(scene, noFaults());
    const { vault } = pipeline;
    const id = await receive(scene, ID_CALL);
    let harmed = 0;
    const harm = once(async () => {
      // Of a record key only the envelope counts: of three others, two objects and an envelope.
      const ids = (await scene.objects(id))
        .filter(({ pool, purpose }) => pool === 'sensitive' && purpose !== 'record-key')
        .map((object): string => object.id);
      const files = [
        ...(await filesAt('branch', 'objects')).filter((file) =>
          ids.slice(0, 2).includes(basename(file, '.vko')),
        ),
        ...(await filesAt('branch', 'envelopes')).filter(
          (file) => basename(file, '.vke') === ids[2],
        ),
      ];
      for (const file of files) {
        harmed += 1;
        if (what === 'deleted') await rm(file);
        else
          await writeFile(
            file,
            (await readFile(file)).map((byte) => byte ^ 1),
          );
      }
    });
    pipeline.vault = {
      ...vault,
      verify: async (object, site) => {
        await harm();
        return vault.verify(object, site);
      },
    };
    expect(await advanceRecord(pipeline, id, FIRST)).toBe('archived');
    expect(harmed).toBe(3);
    const last = scene.entries.findLast((entry) => entry.detail?.['to'] === 'archived');
    expect(last?.detail).toMatchObject({ mended: 3 });
    for (const object of await scene.objects(id)) {
      if (object.pool === 'sensitive') await vault.verify(object, 'branch');
    }
  },
);

test('a copy that no other site has either ends in quarantine, with its reason', async () => {
  const pipeline = await pipelineOver(scene, noFaults());
  const { vault } = pipeline;
  const lose = once(async () => {
    for (const at of ['hq', 'branch']) {
      for (const file of await filesAt(at, 'objects')) await rm(file);
    }
  });
  pipeline.vault = {
    ...vault,
    verify: async (object, site) => {
      await lose();
      return vault.verify(object, site);
    },
  };
  const id = await receive(scene, ID_CALL);
  expect(await advanceRecord(pipeline, id, FIRST)).toBe('quarantined');
});
