import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { writeTree } from '../../oracle/write-ledger.ts';
import type { MadeLedger, SiteName } from './make-ledger.ts';

/** Where a problem has to be told to be. */
export interface Expected {
  /** Any of these kinds. */
  kinds: string[];
  file?: string;
  entry?: number;
}

/** One site's ledger to be tampered with, and the whole one to take things from. */
export class Scratch {
  readonly folder: string;
  readonly ledger: MadeLedger;
  readonly site: SiteName;

  constructor(folder: string, ledger: MadeLedger, site: SiteName) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(ledger.whole(site), folder, { recursive: true });
    this.folder = folder;
    this.ledger = ledger;
    this.site = site;
  }

  get size(): number {
    return this.ledger.entries.length;
  }

  /** Path of the newest, unfinished bundle or level-0 tile. */
  newest(kind: 'entries' | '0'): string {
    const index = String(Math.floor(this.size / 256)).padStart(3, '0');
    return `tile/${kind}/${index}.p/${this.size % 256}`;
  }

  /** A smaller published size, within the first bundle, and its partial file. */
  older(kind: 'entries' | '0'): { path: string; width: number } {
    const width = this.ledger.sizes.filter((size) => size > 20 && size < 256).at(-2) ?? 0;
    return { path: `tile/${kind}/000.p/${width}`, width };
  }

  entry(index: number): Buffer {
    return this.ledger.entries[index] ?? Buffer.alloc(0);
  }

  read(path: string): Buffer {
    return readFileSync(join(this.folder, path));
  }

  write(path: string, bytes: Buffer | string): void {
    const file = join(this.folder, path);
    if (path !== 'checkpoint' && !existsSync(dirname(file))) {
      mkdirSync(dirname(file), { recursive: true });
    }
    writeFileSync(file, bytes);
  }

  edit(path: string, change: (bytes: Buffer) => Buffer): void {
    this.write(path, change(Buffer.from(this.read(path))));
  }

  text(path: string, change: (text: string) => string): void {
    const before = this.read(path).toString();
    const after = change(before);
    if (after === before) throw new Error(`nothing was changed in ${path}`);
    this.write(path, after);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  move(from: string, to: string): void {
    renameSync(join(this.folder, from), join(this.folder, to));
  }

  swap(one: string, other: string): void {
    const bytes = this.read(one);
    this.write(one, this.read(other));
    this.write(other, bytes);
  }

  /** Puts a former state of the whole site back. */
  restore(folder: string): void {
    rmSync(this.folder, { recursive: true });
    cpSync(folder, this.folder, { recursive: true });
  }

  /** Writes every tile of another history; gives its checkpoint's text. */
  rewrite(entries: Buffer[]): { size: number; root: Buffer } {
    return writeTree(this.folder, entries, this.ledger.sizes);
  }

  files(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort();
  }
}
