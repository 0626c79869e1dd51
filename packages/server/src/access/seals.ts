import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import { halfDigest } from '../core/plain-facts.ts';
import type { Random } from '../core/random.ts';

/** Tables whose rows open something, and the column that names a row. */
const SEALED = {
  staff: 'actor_id',
  staff_session: 'id',
  api_key: 'id',
  setup_token: undefined,
} as const;
export type SealedTable = keyof typeof SEALED;

/** What a value's keyed digest is for; none fits for another. */
export type DigestOf = 'session' | 'api-key' | 'setup-token' | 'attempt' | 'identity';

/** A row as the driver gives it. */
type Row = object & { seal: Buffer | null };

/**
 * Remembers outside the database which version of a row is the least that counts, so that an older
 * row, sealed in its time, cannot be put back.
 */
export interface VersionMemory {
  least(rowId: string): number;
  /** Durable before it resolves. Never lowers. */
  raise(rowId: string, version: number): Promise<void>;
}

/** What the access room does with keys of the key folder; nobody else can make what it makes. */
export interface Seals {
  /** HMAC-SHA256 over the table's name and every column but `seal`; columns that are null are left out. */
  seal(table: SealedTable, row: object): Buffer;
  /**
   * True when the row was written by this archive and is the newest of its versions. What is not is
   * reported, and has to be treated as if it were not there.
   */
  authentic(table: SealedTable, row: Row): boolean;
  /** HMAC-SHA256 of a token or name, by which its row is found. */
  digest(what: DigestOf, value: string | Uint8Array): Buffer;
  /** Whose account it is: 32 hex digits of a keyed hash of the person number (工号). */
  personRef(personId: string): string;
  /** AES-256-GCM for one row; `open` gives undefined for what does not authenticate. */
  hide(rowId: string, plain: Uint8Array): Buffer;
  reveal(rowId: string, hidden: Uint8Array): Buffer | undefined;
  memory: VersionMemory;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_REPORTS = 1000;

/**
 * Seals under keys derived (HKDF-SHA256, RFC 5869) from one secret of the key folder. `onForged` is
 * told once of each row that does not authenticate, and of no more than a thousand until the next
 * start: whoever plants rows must not fill the ledger.
 */
export function createSeals(options: {
  secret: Buffer;
  random: Random;
  memory: VersionMemory;
  onForged: (table: SealedTable, rowId: string) => void;
}): Seals {
  const { secret, random, memory } = options;
  const key = (use: string) =>
    Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `voxkeep/access/v1/${use}`, 32));
  const keys = { row: key('row'), person: key('person'), digest: key('digest'), hide: key('hide') };
  const reported = new Set<string>();

  const seal: Seals['seal'] = (table, row) =>
    createHmac('sha256', keys.row)
      .update(`${table}\0${canonicalRow(row)}`)
      .digest();
  const report = (table: SealedTable, row: Row) => {
    const mark = seal(table, { ...row, forged: row.seal?.toString('hex') ?? '' }).toString('hex');
    if (reported.has(mark) || reported.size >= MOST_REPORTS) return;
    reported.add(mark);
    options.onForged(table, nameOf(table, row));
  };

  return {
    seal,
    authentic(table, row) {
      const expected = seal(table, row);
      const fits = row.seal?.length === expected.length && timingSafeEqual(row.seal, expected);
      const { version } = row as { version?: number };
      const newest = version === undefined || version >= memory.least(nameOf(table, row));
      if (!(fits && newest)) report(table, row);
      return fits && newest;
    },
    digest: (what, value) =>
      createHmac('sha256', keys.digest).update(`${what}\0`).update(value).digest(),
    personRef: (personId) =>
      halfDigest(createHmac('sha256', keys.person).update(normalPersonId(personId)).digest('hex')),
    hide(rowId, plain) {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys.hide, nonce).setAAD(Buffer.from(rowId));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    reveal(rowId, hidden) {
      if (hidden.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const nonce = hidden.subarray(0, NONCE_BYTES);
      const opener = createDecipheriv('aes-256-gcm', keys.hide, nonce, {
        authTagLength: TAG_BYTES,
      });
      opener.setAAD(Buffer.from(rowId)).setAuthTag(hidden.subarray(hidden.length - TAG_BYTES));
      try {
        const body = hidden.subarray(NONCE_BYTES, hidden.length - TAG_BYTES);
        return Buffer.concat([opener.update(body), opener.final()]);
      } catch {
        return undefined;
      }
    },
    memory,
  };
}

/** The same number however it was typed. */
const normalPersonId = (personId: string) => personId.normalize('NFKC').trim().toUpperCase();

function nameOf(table: SealedTable, row: object): string {
  const column = SEALED[table];
  const value = column === undefined ? '' : (row as Record<string, unknown>)[column];
  return typeof value === 'string' ? value : '';
}

/** RFC 8785. A column that a later migration adds is null in old rows and does not change them. */
function canonicalRow(row: object): string {
  const columns = Object.entries(row).filter(([name, value]) => name !== 'seal' && value !== null);
  return canonicalJson(Object.fromEntries(columns.map(([name, value]) => [name, plain(value)])));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return { at: value.toISOString() };
  return value;
}
