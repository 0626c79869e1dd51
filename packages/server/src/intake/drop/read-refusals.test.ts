import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRefusals } from './read-refusals.ts';
import { writeReceipt } from './receipts.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'voxkeep-refusals-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = '2026-11-25T02:00:00.000Z';

test('tells newest first why nothing of a call is stored, and leaves out what has a record', async () => {
  await writeReceipt(root, 'refused', 'old', { name: 'old', at, code: 'METADATA_INVALID' });
  await writeReceipt(root, 'refused', 'new', { at, code: 'RECORD_DISPOSED', removed: false });
  await writeReceipt(root, 'refused', 'kept', { at, code: 'MEDIA_EMPTY', recordId: 'r' });
  utimesSync(join(root, 'refused/old.json'), 1, 1);
  expect(await readRefusals(root)).toEqual({
    reachable: true,
    refused: [
      { at, code: 'RECORD_DISPOSED', removed: false },
      { name: 'old', at, code: 'METADATA_INVALID', removed: true },
    ],
  });
});

test('neither a link nor what is no receipt of ours is shown', async () => {
  mkdirSync(join(root, 'refused'));
  writeFileSync(join(root, 'outside.json'), JSON.stringify({ at, code: 'X' }));
  symlinkSync(join(root, 'outside.json'), join(root, 'refused/link.json'));
  writeFileSync(join(root, 'refused/broken.json'), '{');
  writeFileSync(join(root, 'refused/foreign.json'), JSON.stringify({ at, code: 'X' }));
  expect(await readRefusals(root)).toEqual({ reachable: true, refused: [] });
});

test('a folder without refusals is empty; one that is away is not reachable', async () => {
  expect(await readRefusals(root)).toEqual({ reachable: true, refused: [] });
  expect((await readRefusals(join(root, 'away'))).reachable).toBe(false);
});
