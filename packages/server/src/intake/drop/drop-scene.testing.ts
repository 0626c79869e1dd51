import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseVcon } from '../../connect/vcon/index.ts';
import { type IntakeScene, intakeScene } from '../intake-scene.testing.ts';
import { checkMetadata } from '../parse-metadata.ts';
import { DropFolder } from './drop-folder.ts';
import type { DropEvent } from './ports.ts';

const SETTLE_MS = 3000;

/** A drop folder over the real intake, and hands that put files into it. */
export interface DropScene extends IntakeScene {
  drop: DropFolder;
  events: DropEvent[];
  put(name: string, content: string | Buffer): Promise<void>;
  /** A complete call: media and sidecar. */
  putCall(
    stem: string,
    more?: { media?: string; sidecar?: Record<string, unknown> },
  ): Promise<void>;
  has(name: string): boolean;
  path(name: string): string;
  /** Looks twice with the settling time between, until nothing more is under way. */
  takeAll(): Promise<void>;
  passMs(ms: number): void;
  papers(folder: 'done' | 'refused'): Promise<Record<string, unknown>[]>;
  records(): Promise<{ id: string; state: string; reason_code: string | null }[]>;
  /** The program ends without a word, and another one begins. */
  restart(): void;
  empty(): Promise<void>;
}

export const sidecarOf = (callId: string, more: Record<string, unknown> = {}) => ({
  ...{ sourceSystem: 'pbx', sourceCallId: callId, startedAt: '2026-11-20T09:00:00+08:00' },
  ...{ agent: { id: '001' }, customer: { phone: '13800138461' }, demand: '想退款', ...more },
});

export async function dropScene(): Promise<DropScene> {
  const scene = await intakeScene();
  const root = join(scene.folder, 'drop');
  const events: DropEvent[] = [];
  await mkdir(root);
  const deps = {
    ...{ intake: scene.intake, folder: root, settleMs: SETTLE_MS, reportAfterMs: 60_000 },
    concurrency: 2,
    async parseVcon(body: AsyncIterable<Uint8Array>) {
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      const vcon = parseVcon(Buffer.concat(parts));
      return { metadata: checkMetadata(vcon.metadata), media: vcon.media };
    },
    report: (event: DropEvent) => void events.push(event),
  };
  const path = (name: string) => join(root, name);
  const all: DropScene = {
    ...{ ...scene, events, path, drop: new DropFolder(deps) },
    async put(name, content) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
    },
    async putCall(stem, { media = `sound of ${stem}`, sidecar = {} } = {}) {
      await all.put(`${stem}.wav`, media);
      await all.put(`${stem}.json`, JSON.stringify(sidecarOf(stem, sidecar)));
    },
    has: (name) => existsSync(path(name)),
    async takeAll() {
      await all.drop.look();
      all.passMs(SETTLE_MS);
      await all.drop.look();
      await all.drop.idle();
    },
    passMs: (ms) => scene.clock.set(new Date(scene.clock.now().getTime() + ms)),
    async papers(folder) {
      if (!existsSync(path(folder))) return [];
      const names = (await readdir(path(folder))).sort();
      return Promise.all(
        names.map(async (name) => ({
          file: name,
          ...(JSON.parse(await readFile(join(path(folder), name), 'utf8')) as object),
        })),
      );
    },
    records: () =>
      scene.database.db
        .selectFrom('record')
        .select(['id', 'state', 'reason_code'])
        .orderBy('id')
        .execute(),
    restart: () => {
      all.drop = new DropFolder(deps);
    },
    async empty() {
      events.splice(0);
      delete scene.faults.settle;
      delete scene.faults.beforeCommit;
      await rm(root, { recursive: true, force: true });
      await mkdir(root);
      for (const table of ['object_copy', 'sealed_object', 'record', 'intake_key'] as const) {
        await scene.database.db.deleteFrom(table).execute();
      }
      all.restart();
    },
  };
  return all;
}
