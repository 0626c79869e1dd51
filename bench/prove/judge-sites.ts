import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStream } from '@voxkeep/proof';
import { type OracleObject, readSite } from '../oracle/read-sealed-object.ts';
import type { TestArchive } from './test-archive.ts';

const SITES = ['hq', 'branch', 'cloud'];
/** What must be at every site as soon as it is archived; basic copies may follow within a day. */
const AT_ONCE = ['core', 'sensitive'];

const objectsAt = (archive: TestArchive, site: string): OracleObject[] =>
  readSite(join(archive.data, 'sites', site), archive.keys);

/** Waits for the third site's copies of core and sensitive records. */
export async function untilCopied(archive: TestArchive, problems: string[]): Promise<void> {
  const count = (site: string) =>
    objectsAt(archive, site).filter((one) => AT_ONCE.includes(one.pool)).length;
  for (let waited = 0; waited < 60_000; waited += 250) {
    if (count('cloud') === count('hq')) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  problems.push(`cloud holds ${count('cloud')} of ${count('hq')} core and sensitive objects`);
}

/**
 * Every object copy opens with an independent reader; with one byte flipped it is refused by that
 * reader and by the archive's own. Each tier's objects are at the sites its policy names.
 */
export async function judgeObjects(archive: TestArchive, problems: string[]): Promise<number> {
  const places = new Map<string, string[]>();
  let copies = 0;
  for (const site of SITES) {
    for (const object of objectsAt(archive, site)) {
      copies += 1;
      const sealed = readFileSync(object.path);
      const where = `${site} ${object.pool} ${object.purpose} ${object.objectId}`;
      places.set(object.objectId, [...(places.get(object.objectId) ?? []), site]);
      try {
        object.open(sealed);
        await openedByArchive(object, sealed);
      } catch (error) {
        problems.push(`${where} does not open: ${(error as Error).message}`);
      }
      const flipped = Buffer.from(sealed);
      const at = (copies * 7919) % flipped.length;
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      if (await opens(async () => object.open(flipped))) {
        problems.push(`${where}: the independent reader opens it with byte ${at} flipped`);
      }
      if (await opens(() => openedByArchive(object, flipped))) {
        problems.push(`${where}: the archive's reader opens it with byte ${at} flipped`);
      }
    }
  }
  if (copies === 0) problems.push('no objects were found at the sites');
  for (const object of SITES.flatMap((site) => objectsAt(archive, site))) {
    const wanted = AT_ONCE.includes(object.pool)
      ? SITES
      : object.pool === 'quarantine'
        ? ['hq', 'branch']
        : ['hq'];
    const there = places.get(object.objectId) ?? [];
    const missing = wanted.filter((site) => !there.includes(site));
    if (missing.length > 0) {
      problems.push(`${object.pool} ${object.purpose} ${object.objectId} is not at ${missing}`);
    }
    places.set(object.objectId, SITES);
  }
  return copies;
}

async function openedByArchive(object: OracleObject, sealed: Buffer): Promise<void> {
  const source = [sealed];
  const open = openStream(object.key, object.associated, { sealedBytes: sealed.length });
  for await (const piece of open(source)) if (piece.length < 0) return;
}

async function opens(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

/** The archive itself refuses a damaged object: its only copy's rendition is not played. */
export async function judgeDamage(
  archive: TestArchive,
  id: string,
  problems: string[],
): Promise<void> {
  const objects = objectsAt(archive, 'hq');
  const target = objects.find((one) => one.recordId === id && one.purpose === 'redacted');
  if (target === undefined) {
    problems.push('no rendition to damage');
    return;
  }
  const damaged = SITES.flatMap((site) => objectsAt(archive, site));
  for (const copy of damaged.filter((one) => one.objectId === target.objectId)) {
    const bytes = readFileSync(copy.path);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    writeFileSync(copy.path, bytes);
  }
  await archive.start();
  const answer = await archive.media('qa', id).catch(() => ({ status: 0, body: Buffer.alloc(0) }));
  if (answer.status === 200 && answer.body.length > 0)
    problems.push('a damaged rendition was played');
  await archive.stop();
}
