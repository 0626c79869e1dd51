import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, opensWithAnyKey } from '../../oracle/read-sealed-object.ts';
import type { TestArchive } from '../test-archive.ts';

export const SITES = ['hq', 'branch', 'cloud'] as const;

/** Everything that somebody could have kept of an archive that is stopped. */
export function copyAway(archive: TestArchive, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of ['sites', 'pg']) copyWhole(join(archive.data, name), join(to, name));
  copyWhole(archive.keys, join(to, 'keys'));
}

/** With the rights of every file. */
export function copyWhole(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp ended with ${status}: ${stderr}`);
}

/** Files of these objects, or of their envelopes, below a folder. */
export function filesOf(objects: ReadonlySet<string>, folder: string): string[] {
  return filesUnder(folder).filter((path) => objects.has(path.slice(-40, -4)));
}

/** How many envelopes of these objects any key of a folder opens, whatever epoch they name. */
export function openedBy(
  keyFolder: string,
  objects: ReadonlySet<string>,
  sites: string,
): { tried: number; opened: number } {
  const envelopes = filesOf(objects, sites).filter((path) => path.endsWith('.vke'));
  const opened = envelopes.filter((path) => opensWithAnyKey(path, keyFolder)).length;
  return { tried: envelopes.length, opened };
}

/** The bundles of a set at the sites of a folder. */
export function bundlesOf(sites: string): string[] {
  return SITES.flatMap((site) => {
    const folder = join(sites, site, 'journal/escrow');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
}
