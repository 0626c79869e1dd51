import { z } from 'zod';
import { LogError } from './log-error.ts';
import { hashLeaf } from './tree-hash.ts';
import { verifyInclusion } from './verify-proof.ts';

/** 32 bytes in base64, in the one way to write them. */
export const Hash = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/)
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text);

/** An entry of the ledger as a document carries it. */
export const ProvenEntry = z.strictObject({
  index: z.int().min(0),
  /** The bytes that were logged; canonical JSON. */
  entry: z.string().max(65_535),
  /** Audit path from the leaf up (RFC 6962, 2.1.1). */
  hashes: z.array(Hash).max(63),
});
export type ProvenEntry = z.infer<typeof ProvenEntry>;

const LoggedEntry = z.looseObject({
  v: z.literal(1),
  seq: z.int(),
  time: z.string(),
  at: z.string(),
  actor: z.object({ id: z.string(), role: z.string() }),
  action: z.string(),
  resource: z.string().optional(),
  outcome: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
/** An entry of the ledger that is proven to be in the signed log. */
export type LoggedEntry = z.infer<typeof LoggedEntry>;

/** What a document is refused with: `proof` for an entry that is not in the log, `claim` for one that says otherwise. */
export type RefuseEntry = (kind: 'proof' | 'claim', message: string) => Error;

/** The entries that a document carries, each to be asked for by what the document says of it. */
export class ProvenEntries {
  readonly #entries = new Map<number, LoggedEntry>();
  readonly #unasked: Set<number>;
  readonly #refuse: RefuseEntry;

  /** Throws a `proof` where one is not in the tree, or not in the order of the log. */
  constructor(
    entries: readonly ProvenEntry[],
    tree: { size: number; root: Uint8Array },
    refuse: RefuseEntry,
  ) {
    this.#refuse = refuse;
    let before = -1;
    for (const { index, entry, hashes } of entries) {
      if (index <= before) throw this.#unproven(index, 'stands twice, or before an earlier one');
      before = index;
      const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
      try {
        verifyInclusion({ index, ...tree, leafHash: hashLeaf(Buffer.from(entry)), proof });
      } catch (error) {
        if (error instanceof LogError) throw this.#unproven(index, error.message);
        throw error;
      }
      this.#entries.set(index, this.#read(index, entry));
    }
    this.#unasked = new Set(this.#entries.keys());
  }

  /** The entry of that index, if it is this act and went well. Throws a `claim`. */
  of(index: number, action: string, resource: string): LoggedEntry {
    const { action: done, outcome } = this.#entries.get(index) ?? {};
    if (done !== action || outcome !== 'ok') {
      throw this.#refuse('claim', `entry ${index} is no ${action} of it`);
    }
    return this.about(index, resource);
  }

  /** The entry of that index, if it is about this resource, whatever the act. Throws a `claim`. */
  about(index: number, resource: string): LoggedEntry {
    const entry = this.#entries.get(index);
    if (entry === undefined || entry.resource !== resource) {
      throw this.#refuse('claim', `entry ${index} is not about it`);
    }
    this.#unasked.delete(index);
    return entry;
  }

  /** Throws a `claim` where an entry was carried that nothing is said of. */
  demandAllAsked(): void {
    const [index] = this.#unasked;
    if (index === undefined) return;
    throw this.#refuse('claim', `nothing is said of entry ${index}`);
  }

  #read(index: number, text: string): LoggedEntry {
    try {
      const entry = LoggedEntry.parse(JSON.parse(text));
      if (entry.seq === index) return entry;
    } catch {
      throw this.#unproven(index, 'is no entry of this ledger');
    }
    throw this.#unproven(index, 'has another number in it');
  }

  #unproven(index: number, what: string): Error {
    return this.#refuse('proof', `entry ${index}: ${what}`);
  }
}
