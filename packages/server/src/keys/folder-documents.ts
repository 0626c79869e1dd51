import { hkdfSync } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { replaceFile } from './key-files.ts';
import { keysError, reachingKeys } from './keys-error.ts';
import type { KeyDocuments } from './ports.ts';
import { openFields, sealFields } from './seal-fields.ts';

/** Documents of a key folder: `document-<name>.sealed`, each under a key of the master key. */
export function folderDocuments(options: {
  folder: string;
  master: Buffer;
  random: Random;
}): KeyDocuments {
  const { folder, master, random } = options;
  const key = Buffer.from(hkdfSync('sha256', master, '', 'voxkeep/documents/v1', 32));
  const pathOf = (name: string) => join(folder, `document-${name}.sealed`);
  return {
    async read(name) {
      const sealed = await reachingKeys(() =>
        readFile(pathOf(name)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        }),
      );
      if (sealed === undefined) return undefined;
      try {
        return openFields(key, `document/${name}`, sealed);
      } catch (error) {
        if (!hasCode(error, 'FIELDS_DAMAGED')) throw error;
        throw keysError('KEYS_DAMAGED', `document-${name} does not open`, error);
      }
    },
    write: (name, bytes) =>
      reachingKeys(() =>
        replaceFile(pathOf(name), sealFields(key, `document/${name}`, bytes, random)),
      ),
    async stamp(name) {
      const at = await stat(pathOf(name), { bigint: true }).catch(() => undefined);
      return at === undefined ? '' : `${at.mtimeNs}-${at.ino}-${at.size}`;
    },
  };
}
