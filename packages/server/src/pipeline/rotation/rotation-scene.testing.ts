import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audit } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { openIndexEpochs } from '../../index/index.ts';
import type { IntakeScene } from '../../intake/intake-scene.testing.ts';
import { epochOf, escrowSets } from '../../keys/index.ts';
import { envelopeEpochs, SiteSet, type SiteStore } from '../../place/index.ts';
import { envelopeKey } from '../../place/site-set.ts';
import type { StoredObject } from '../../record/vault.ts';
import { advanceRecord } from '../advance-record.ts';
import { copyPending } from '../copy-pending.ts';
import type { PipelineDeps } from '../deps.ts';
import { destroyQuarantine } from '../destroy-quarantine.ts';
import { FIRST, noFaults, pipelineOver, receive, sampleScene } from '../pipeline-scene.testing.ts';
import type { RotationDeps } from './deps.ts';
import { openRotation, type Rotation } from './rotation.ts';

/** Without waiting, and without shares. */
export const FAST = { perSecond: 100_000, covered: async () => true };
export const SITES = ['hq', 'branch', 'cloud'];

/** An archive with one archived call, at all three sites, and its rotation. */
export interface RotationScene {
  scene: IntakeScene;
  pipeline: PipelineDeps;
  recordId: RecordId;
  deps: RotationDeps;
  /** As when the program is killed: the n-th put from here fails, and all after it. */
  killAtPut(nth: number): void;
  /** As after a start of the program. */
  open(): Promise<Rotation>;
  objects(): Promise<StoredObject[]>;
  /** What the ledger was told of keys: act, role, epoch. */
  acts(): unknown[][];
  /** The escrow sets that the ledger was told of, and when. */
  told: { setId: string; shares: number; at: Date }[];
  /** `hq 2026` … of each object that lives. */
  epochs(): Promise<string[][]>;
  close(): Promise<void>;
}

export async function rotationScene(): Promise<RotationScene> {
  const scene = await sampleScene();
  scene.clock.set('2026-11-20T01:00:00Z');
  const { clock, keys, keyRoom, vault } = scene;
  const index = await openIndexEpochs({ db: scene.database.db, clock, keys });
  const pipeline = { ...(await pipelineOver(scene, noFaults())), indexKeys: index };
  const recordId = await archived(scene, pipeline, '06-dispute');
  let failAt = Number.POSITIVE_INFINITY;
  const faulty = (site: SiteStore): SiteStore => ({
    ...site,
    async put(...args) {
      failAt -= 1;
      if (failAt <= 0) throw new ArchiveError('SITE_UNREACHABLE', 'switched off');
      return site.put(...args);
    },
  });
  const sites = new SiteSet(scene.sites.all.map(faulty));
  const told: RotationScene['told'] = [];
  const { audit } = scene.intake;
  const telling: Audit = {
    ...audit,
    append(tx, entry) {
      const { action, resource: setId = '', detail } = entry;
      const shares = Number(detail?.['shares']);
      if (action === 'key.escrow') told.push({ setId, shares, at: clock.now() });
      return audit.append(tx, entry);
    },
  };
  const deps: RotationDeps = {
    ...{ db: scene.database.db, clock, audit: telling, keys, keyRoom },
    envelopes: envelopeEpochs({ sites, keyRoom }),
    ...{ vault, index },
    startedAt: new Date('2026-11-20T00:00:00Z'),
  };
  const objects = () => scene.objects(recordId);
  return {
    ...{ scene, pipeline, recordId, deps, told, objects },
    killAtPut: (nth) => {
      failAt = nth;
    },
    acts: () =>
      scene.entries
        .filter(({ action }) => action.startsWith('key.'))
        .map(({ action, actor, detail }) => [action, actor.role, detail?.['epoch']]),
    open: () => {
      deps.startedAt = clock.now();
      return openRotation(deps);
    },
    epochs: async () =>
      Promise.all(
        (await objects()).map(({ id, pool }) =>
          Promise.all(
            SITES.map(async (site) => {
              const file = join(scene.folder, 'sites', site, pool, envelopeKey(id));
              return `${site} ${epochOf(await readFile(file))}`;
            }),
          ),
        ),
      ),
    close: () => scene.close(),
  };
}

/** A sample call on all three sites; what it needs no more is gone from the quarantine. */
export async function archived(
  scene: IntakeScene,
  pipeline: PipelineDeps,
  name: string,
): Promise<RecordId> {
  const id = await receive(scene, name);
  await advanceRecord(pipeline, id, FIRST);
  await destroyQuarantine(pipeline, id);
  await copyPending(pipeline);
  return id;
}

/** Escrow sets as the key folder has them, and as the scene's ledger was told of them. */
export const endsOf = ({ scene, told }: RotationScene) => ({
  escrowSets: () => escrowSets(scene.keyFolder),
  setsToldBy: async (moment: Date) =>
    new Map(told.filter(({ at }) => at <= moment).map(({ setId, shares }) => [setId, shares])),
});
