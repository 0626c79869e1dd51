import { type Area, SITE_KEY, type SiteStore } from './ports.ts';
import { placeError } from './site-set.ts';

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
  /** What each `put` takes. */
  putMs = 0;
  /** Calls so far, and puts under way at the most. */
  asked = 0;
  mostPuts = 0;
  #puts = 0;

  constructor(name: string) {
    this.name = name;
  }

  async put(...[area, key, source, options = {}]: Parameters<SiteStore['put']>) {
    const at = this.#at(area, key);
    this.#puts += 1;
    this.mostPuts = Math.max(this.mostPuts, this.#puts);
    if (this.putMs > 0) await new Promise((done) => setTimeout(done, this.putMs));
    this.#puts -= 1;
    const parts: Uint8Array[] = [];
    for await (const part of source) parts.push(Buffer.from(part));
    const bytes = Buffer.concat(parts);
    const { expectedBytes = bytes.length } = options;
    if (expectedBytes !== bytes.length) {
      throw placeError(
        'OBJECT_SIZE_WRONG',
        `${key}: ${bytes.length} of ${expectedBytes} bytes came`,
      );
    }
    if (bytes.length > this.roomBytes) throw placeError('SITE_FULL', `${this.name} is full`);
    this.#assertReachable();
    const kept = { bytes, writtenAt: new Date() };
    this.#kept.set(at, kept);
    return { sizeBytes: bytes.length };
  }

  locks(area: Area): boolean {
    return area !== 'quarantine';
  }

  async lock(area: Area, key: string, until: Date) {
    const found = this.#found(area, key);
    if (key.startsWith('envelopes/') || !this.locks(area)) return;
    if (until > (found.keepUntil ?? until) || found.keepUntil === undefined)
      found.keepUntil = until;
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
      throw placeError(
        'OBJECT_LOCKED',
        `${this.name} keeps ${key} until ${keepUntil.toISOString()}`,
      );
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
    this.asked += 1;
    if (!this.reachable)
      throw placeError('SITE_UNREACHABLE', `${this.name} does not answer`, { retry: 'later' });
  }

  #at(area: Area, key: string): string {
    if (!SITE_KEY.test(key)) throw placeError('OBJECT_KEY_UNSAFE', `not a key: ${key}`);
    this.#assertReachable();
    return `${area}:${key}`;
  }

  #found(area: Area, key: string): Kept {
    const found = this.#kept.get(this.#at(area, key));
    if (found === undefined) throw placeError('OBJECT_MISSING', `${key} is not at ${this.name}`);
    return found;
  }
}
