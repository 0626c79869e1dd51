import {
  encodeBundle,
  entriesPath,
  GrowingTree,
  hashLeaf,
  type LogFiles,
  nextLogName,
  noteSigner,
  signCheckpoint,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from '@voxkeep/proof';

/** A log in memory that grows, as an archive would write it. */
export class TestLog {
  signer = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1));
  readonly files = new Map<string, Buffer>();
  #entries: Buffer[] = [];

  readonly read: LogFiles = async (path) => this.files.get(path);

  /** Adds entries and publishes the checkpoint of all; `fork` makes them other ones. */
  grow(count: number, fork = ''): void {
    const first = this.#entries.length;
    for (let seq = first; seq < first + count; seq += 1) {
      const time = new Date(Date.UTC(2026, 10, 27, 0, 0, seq)).toISOString();
      const actor = { id: seq % 2 === 0 ? 'u-even' : 'u-odd', role: 'qa' };
      const entry = { v: 1, seq, time, at: time, actor, action: 'record.view', outcome: 'ok' };
      this.#entries.push(Buffer.from(JSON.stringify({ ...entry, resource: `r-${seq}${fork}` })));
    }
    this.#publish();
  }

  /** Goes on under the next name. */
  succeed(): void {
    this.signer = noteSigner(nextLogName(this.signer.name), Buffer.alloc(32, 1));
    this.#publish();
  }

  /** Takes everything from an index on away. */
  cut(size: number): void {
    this.#entries = this.#entries.slice(0, size);
    this.files.clear();
    this.#publish();
  }

  #publish(): void {
    const tree = new GrowingTree();
    for (const tile of tree.append(this.#entries.map(hashLeaf))) {
      const path = tilePath(tile.level, tile.index, tile.hashes.length / 32);
      this.files.set(path, tile.hashes);
    }
    for (let index = 0; index * TILE_WIDTH < tree.size; index += 1) {
      const width = tileWidth(0, index, tree.size);
      const bundle = this.#entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
      this.files.set(entriesPath(index, width), encodeBundle(bundle));
    }
    const note = signCheckpoint(this.signer, tree.size, tree.root());
    this.files.set('checkpoint', Buffer.from(note));
  }
}
