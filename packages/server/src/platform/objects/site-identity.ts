import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder } from './folder-flush.ts';
import { errno, failure } from './site-failure.ts';

const IDENTITY = 'site.json';
const FORMAT = 'voxkeep/site/v1';

/**
 * Makes sure that the folder is this archive's site; with `create`, makes an empty or missing one so.
 * Rejects with SITE_FOREIGN or SITE_UNREACHABLE.
 */
export async function claimSite(options: {
  name: string;
  folder: string;
  archiveId: string;
  create: boolean;
}): Promise<void> {
  const { name, folder, archiveId, create } = options;
  const identity = await readIdentity(folder);
  if (identity !== undefined) {
    if (identity.archiveId === archiveId && identity.site === name) return;
    throw failure(
      'SITE_FOREIGN',
      `the folder of site ${name} belongs to ${identity.site} of archive ${identity.archiveId}`,
    );
  }
  if (!create)
    throw failure('SITE_UNREACHABLE', `site ${name} has no identity file; is it mounted?`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = (await readdir(folder)).filter((entry) => entry !== 'lost+found');
  if (there.length > 0) {
    throw failure('SITE_FOREIGN', `the folder of site ${name} holds files that are not Voxkeep's`);
  }
  const file = await open(join(folder, IDENTITY), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, archiveId, site: name })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await flushFolder(folder);
}

export async function readIdentity(
  folder: string,
): Promise<{ archiveId: string; site: string } | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, IDENTITY), 'utf8');
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw failure('SITE_UNREACHABLE', 'the identity file cannot be read', error);
  }
  try {
    return JSON.parse(text) as { archiveId: string; site: string };
  } catch (cause) {
    throw failure('SITE_FOREIGN', 'the identity file does not read', cause);
  }
}

/** Changes when another file system, or another site's folder, stands in the place. */
export async function identityMark(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino, mtimeMs } = await stat(join(folder, IDENTITY));
    return `${dev}:${ino}:${mtimeMs}`;
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return undefined;
    throw failure('SITE_UNREACHABLE', 'the identity file cannot be read', error);
  }
}
