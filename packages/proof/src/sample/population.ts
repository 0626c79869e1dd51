import { buildInclusionProof, nodesOfTiles } from '../log/build-proof.ts';
import { GrowingTree } from '../log/growing-tree.ts';
import { hashLeaf } from '../log/tree-hash.ts';

/** The calls that a sample is drawn from: a tree (RFC 6962, section 2.1) over their ids in ascending order. */
export interface Population {
  count: number;
  root: Buffer;
  /** That the id at a position, from 0, is there. */
  path(position: number): Promise<Buffer[]>;
}

/** Of an id as it is written, 36 characters of ASCII. */
export const populationLeaf = (recordId: string): Buffer =>
  hashLeaf(Buffer.from(recordId, 'ascii'));

/** The tree over ids that come in parts, in ascending order. */
export async function growPopulation(
  parts: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<Population> {
  const tree = new GrowingTree();
  const tiles = new Map<string, Buffer>();
  for await (const ids of parts) {
    for (const { level, index, hashes } of tree.append(ids.map(populationLeaf))) {
      tiles.set(`${level}/${index}`, hashes);
    }
  }
  const nodes = nodesOfTiles(
    async (level, index) => tiles.get(`${level}/${index}`) ?? Buffer.alloc(0),
  );
  return {
    ...{ count: tree.size, root: tree.root() },
    path: (position) => buildInclusionProof(position, tree.size, nodes),
  };
}
