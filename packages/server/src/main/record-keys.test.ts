import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ArchiveError } from '../core/errors.ts';
import type { RecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { type KeyRoom, sealFields } from '../keys/index.ts';
import { fieldOpener } from './record-keys.ts';

const key = Buffer.alloc(32, 4);
const missing = new ArchiveError('ENVELOPE_MISSING', 'no envelope');
const roomWith = (failure: unknown, lost: string): Pick<KeyRoom, 'openKey'> => ({
  openKey: async ({ recordId }) => {
    if (recordId === lost) throw failure;
    return Buffer.from(key);
  },
});
const row = (id: string) => ({
  id,
  tier: 'basic' as const,
  fields: sealFields(
    key,
    id as RecordId,
    deflateRawSync(Buffer.from(JSON.stringify({ texts: [id] }))),
    systemRandom,
  ),
});

test('a record whose key is at no site does not hide the others of its page', async () => {
  const open = fieldOpener(roomWith(missing, 'b'));
  const opened = await open(['a', 'b', 'c'].map(row));
  expect([...opened]).toEqual([
    ['a', { texts: ['a'] }],
    ['c', { texts: ['c'] }],
  ]);
});

test('a site that does not answer is no missing key: the page is refused', async () => {
  const away = new ArchiveError('SITE_UNREACHABLE', 'away');
  const open = fieldOpener(roomWith(away, 'b'));
  await expect(open(['a', 'b'].map(row))).rejects.toBe(away);
});
