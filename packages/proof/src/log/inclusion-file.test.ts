import { expect, test } from 'vitest';
import { buildInclusionProof, nodesOfTiles } from './build-proof.ts';
import { signCheckpoint } from './checkpoint.ts';
import { GrowingTree } from './growing-tree.ts';
import { encodeInclusionFile, openInclusionFile } from './inclusion-file.ts';
import { LogError } from './log-error.ts';
import { noteSigner } from './signed-note.ts';
import { hashLeaf } from './tree-hash.ts';

const log = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1));
const entries = Array.from({ length: 21 }, (_, at) => Buffer.from(`{"seq":${at}}`));

async function proofFile(): Promise<string> {
  const tree = new GrowingTree();
  const [tile] = tree.append(entries.map(hashLeaf));
  const nodes = nodesOfTiles(async () => tile?.hashes ?? Buffer.alloc(0));
  const hashes = await buildInclusionProof(13, 21, nodes);
  const checkpoint = signCheckpoint(log, 21, tree.root());
  return encodeInclusionFile({
    index: 13,
    entry: entries[13] ?? Buffer.alloc(0),
    hashes,
    checkpoint,
  });
}

test('a proof file proves its entry with the log’s key and nothing else', async () => {
  const file = await proofFile();
  expect(file.split('\n')[0]).toBe('c2sp.org/tlog-proof@v1');
  const opened = openInclusionFile(file, log.vkey);
  expect([opened.index, opened.size, opened.entry.toString()]).toEqual([13, 21, '{"seq":13}']);
});

test('no bit of a proof file can be another one', async () => {
  const good = Buffer.from(await proofFile());
  const accepted: string[] = [];
  for (let at = 0; at < good.length * 8; at += 1) {
    const bent = Buffer.from(good);
    bent[at >> 3] = (bent[at >> 3] ?? 0) ^ (1 << (at & 7));
    try {
      openInclusionFile(bent.toString('utf8'), log.vkey);
      accepted.push(`bit ${at & 7} of byte ${at >> 3}`);
    } catch (error) {
      expect(error).toBeInstanceOf(LogError);
    }
  }
  expect(accepted).toEqual([]);
});
