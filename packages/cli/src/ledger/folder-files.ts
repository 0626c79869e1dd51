import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { SiteFiles } from '@voxkeep/proof';
import { CommandError, EXIT } from '../exit-codes.ts';

/**
 * The ledger below a folder: a site's, or its `ledger` folder itself. Drafts that a running archive
 * is writing are passed over. Rejects with SITE_MISSING.
 */
export async function folderFiles(folder: string): Promise<SiteFiles> {
  const about = await stat(folder).catch(() => undefined);
  if (about?.isDirectory() !== true) {
    throw new CommandError('SITE_MISSING', `there is no folder ${folder}`, EXIT.usage);
  }
  const below = join(folder, 'ledger');
  const root = existsSync(below) ? below : folder;
  return {
    async read(path) {
      try {
        // Hundreds of small files one after another: waiting in turn for each costs more than reading.
        return readFileSync(join(root, path));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
        throw new CommandError('FILE_UNREADABLE', `${join(root, path)}: ${String(code)}`);
      }
    },
    async list() {
      const found = await readdir(root, { recursive: true, withFileTypes: true });
      return found
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    },
  };
}
