import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, extname, join } from 'node:path';
import { filesUnder } from '../../oracle/read-sealed-object.ts';

export const SITES = ['hq', 'branch', 'cloud'] as const;
export type Site = (typeof SITES)[number];
const SITE_MIB = 3000;

/** Folders of the three sites, each on a small disk of its own where the machine lets us mount one. */
export class SiteFolders {
  readonly root: string;
  readonly mounted: boolean;

  constructor(root: string) {
    this.root = root;
    for (const site of SITES) mkdirSync(this.disk(site), { recursive: true });
    const mounts = SITES.map(
      (site) =>
        spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SITE_MIB}m`, 'tmpfs', this.disk(site)], {
          stdio: 'ignore',
        }).status,
    );
    this.mounted = mounts.every((status) => status === 0);
  }

  disk = (site: Site): string => join(this.root, `disk-${site}`);
  of = (site: Site): string => join(this.disk(site), site);
  get env(): string {
    return SITES.map((site) => `${site}=${this.of(site)}`).join();
  }

  /** As if a disk were not mounted. */
  cut(site: Site): void {
    if (existsSync(this.of(site))) renameSync(this.of(site), `${this.of(site)}.away`);
  }
  mend(site: Site): void {
    if (existsSync(`${this.of(site)}.away`)) renameSync(`${this.of(site)}.away`, this.of(site));
    rmSync(join(this.disk(site), 'filler'), { force: true });
  }
  /** Not one more byte fits, until it is mended. */
  fill(site: Site): void {
    const { bavail, bsize } = statfsSync(this.disk(site));
    try {
      writeFileSync(join(this.disk(site), 'filler'), Buffer.alloc(Number(bavail) * Number(bsize)));
    } catch {
      // What fitted is there; the rest did not fit, which is the point.
    }
  }

  remove(): void {
    for (const site of SITES) spawnSync('umount', [this.disk(site)], { stdio: 'ignore' });
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Sealed objects and envelopes of the content pools at a site, by their key. */
export function filesOf(folder: string, pools = ['basic', 'core', 'sensitive']): string[] {
  return pools.flatMap((pool) =>
    ['objects', 'envelopes'].flatMap((kind) =>
      filesUnder(join(folder, pool, kind)).map((path) => path.slice(folder.length + 1)),
    ),
  );
}

/** Segments of the journal at a site, by their key. */
const segmentsOf = (folder: string): string[] =>
  filesUnder(join(folder, 'journal'))
    .filter((path) => path.endsWith('.vkj'))
    .map((path) => path.slice(folder.length + 1));

/** As rows name what lies there. */
const nameOf = (key: string): string =>
  key.startsWith('journal/') ? key.slice('journal/'.length) : basename(key, extname(key));

interface Harm {
  site: Site;
  key: string;
  whole: Buffer;
  kind: 'flipped' | 'deleted' | 'cut short';
}

/** Copies that were harmed, with what they were. */
export class Harms {
  readonly all: Harm[] = [];
  readonly #folders: SiteFolders;

  constructor(folders: SiteFolders) {
    this.#folders = folders;
  }

  /** Harms copies and segments of the journal at one site that are whole at another one, as bad disks and careless people do. */
  harm(site: Site, count: number): void {
    const folder = this.#folders.of(site);
    if (!existsSync(folder)) return;
    const keys = [...filesOf(folder), ...segmentsOf(folder)].filter(
      (key) =>
        !this.all.some((one) => one.key === key) &&
        SITES.some((other) => other !== site && existsSync(join(this.#folders.of(other), key))),
    );
    for (let left = count; left > 0 && keys.length > 0; left -= 1) {
      const [key = ''] = keys.splice(Math.floor(Math.random() * keys.length), 1);
      const path = join(folder, key);
      if (!existsSync(path)) continue;
      const whole = readFileSync(path);
      const kind = (['flipped', 'deleted', 'cut short'] as const)[this.all.length % 3] ?? 'deleted';
      this.all.push({ site, key, whole, kind });
      if (kind === 'deleted') {
        rmSync(path);
        continue;
      }
      const bytes = Buffer.from(whole);
      const at = Math.floor(Math.random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      writeFileSync(path, kind === 'flipped' ? bytes : whole.subarray(0, at));
    }
  }

  /** Without what killed processes left: nobody mends what no row names, by object id or journal key. */
  forgetStrays(named: ReadonlySet<string>): void {
    const kept = this.all.filter(({ key }) => named.has(nameOf(key)));
    this.all.splice(0, this.all.length, ...kept);
  }

  /** What is not as it was; a copy that was destroyed everywhere meanwhile counts as right. */
  unrepaired(): string[] {
    return this.all
      .filter(({ site, key, whole }) => {
        const path = join(this.#folders.of(site), key);
        if (existsSync(path)) return !readFileSync(path).equals(whole);
        return SITES.some((other) => existsSync(join(this.#folders.of(other), key)));
      })
      .map(({ site, key, kind }) => `${site}: ${key} was ${kind} and is not as it was`);
  }
}
