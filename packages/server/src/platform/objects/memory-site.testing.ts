import type { Area, SiteStore } from '../../place/ports.ts';
import { failure } from './site-failure.ts';
import { assertKey } from './site-key.ts';

interface Kept {
  bytes: Buffer;
  writtenAt: Date;
  keepUntil?: Date;
}

/** A site in memory that can be cut off, filled, and made to lie. */
export class MemorySite implements SiteStore {
  readonly name: string;
  readonly #kept = new Map<string, Kept>();
  reachable = true;
  roomBytes = Number.POSITIVE_INFINITY;

  constructor(name: string) {
    this.name = name;
  }

  async put(...[area, key, source, options = {}]: Parameters<SiteStore['put']>) {
    const at = this.#at(area, key);
    const parts: Uint8Array[] = [];
    for await (const part of source) parts.push(Buffer.from(part));
    const bytes = Buffer.concat(parts);
    const { expectedBytes = bytes.length, keepUntil } = options;
    if (expectedBytes !== bytes.length) {
      throw failure('OBJECT_SIZE_WRONG', `${key}: ${bytes.length} of ${expectedBytes} bytes came`);
    }
    if (bytes.length > this.roomBytes) throw failure('SITE_FULL', `${this.name} is full`);
    this.#assertReachable();
    const kept = {
      bytes,
      writtenAt: new Date(),
      ...(keepUntil === undefined ? {} : { keepUntil }),
    };
    this.#kept.set(at, kept);
    return { sizeBytes: bytes.length };
  }

  async *get(area: Area, key: string) {
    yield this.#found(area, key).bytes;
  }

  async readRange(area: Area, key: string, offset: number, length: number) {
    return this.#found(area, key).bytes.subarray(offset, offset + length);
  }

  async stat(area: Area, key: string) {
    const found = this.#kept.get(this.#at(area, key));
    return found && { sizeBytes: found.bytes.length, writtenAt: found.writtenAt };
  }

  async delete(area: Area, key: string) {
    const at = this.#at(area, key);
    const { keepUntil } = this.#kept.get(at) ?? {};
    if (keepUntil !== undefined && keepUntil > new Date()) {
      throw failure('OBJECT_LOCKED', `${this.name} keeps ${key} until ${keepUntil.toISOString()}`);
    }
    this.#kept.delete(at);
  }

  async *list(area: Area, prefix = '') {
    this.#assertReachable();
    for (const [at, { bytes }] of this.#kept) {
      const [found, key = ''] = at.split(':');
      if (found === area && key.startsWith(prefix)) yield { key, sizeBytes: bytes.length };
    }
  }

  async health() {
    if (!this.reachable) return { reachable: false, reason: 'SITE_UNREACHABLE' };
    return { reachable: true };
  }

  #assertReachable(): void {
    if (!this.reachable) throw failure('SITE_UNREACHABLE', `${this.name} does not answer`);
  }

  #at(area: Area, key: string): string {
    assertKey(key);
    this.#assertReachable();
    return `${area}:${key}`;
  }

  #found(area: Area, key: string): Kept {
    const found = this.#kept.get(this.#at(area, key));
    if (found === undefined) throw failure('OBJECT_MISSING', `${key} is not at ${this.name}`);
    return found;
  }
}
