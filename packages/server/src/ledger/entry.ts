import { canonicalJson } from '../core/canonical-json.ts';
import { isLedgerAction } from './actions.ts';
import { ledgerError } from './ledger-error.ts';

export type EntryDetail = Record<string, string | number | boolean>;
export type EntryOutcome = 'ok' | 'refused' | 'failed';

/** What a room says of an act. Ids, counts, codes and digests; never personal data. */
export interface EntryInput {
  actorId: string;
  actorRole: string;
  /** One of LEDGER_ACTIONS. */
  action: string;
  /** Record id, object id, account id … */
  resource?: string;
  /** A category, and the salted commitment (hex) of the free text that is kept sealed elsewhere. */
  purpose?: { category: string; commitment?: string };
  outcome: EntryOutcome;
  requestId?: string;
  detail?: EntryDetail;
}

/** An entry as the log holds it: canonical JSON (RFC 8785) of this, in UTF-8. */
export interface LedgerEntry {
  v: 1;
  /** Its index in the log. */
  seq: number;
  /** When the sequencer numbered it; never earlier than the entry before. */
  time: string;
  /** When the act was written into its transaction. */
  at: string;
  actor: { id: string; role: string };
  action: string;
  resource?: string;
  purpose?: { category: string; commitment?: string };
  outcome: EntryOutcome;
  requestId?: string;
  detail?: EntryDetail;
}

/** An entry before it has its number. */
export type EntryBody = Omit<LedgerEntry, 'seq' | 'time'>;

/** A token, not a text: nothing that a person would have written or said fits. */
const TOKEN = /^[\x21-\x7e]{1,256}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
/** Digits alone are a number, or somebody's number. */
const SOMEBODYS_NUMBER = /^\+?[0-9]{7,}[Xx]?$/;
const MOST_DETAILS = 64;
const OUTCOMES: readonly string[] = ['ok', 'refused', 'failed'];

/** The checked body of an entry. Throws LEDGER_ENTRY_INVALID naming the field. */
export function entryBody(input: EntryInput, at: Date): EntryBody {
  if (!isLedgerAction(input.action)) throw invalid('action', 'is not in the vocabulary');
  if (!OUTCOMES.includes(input.outcome)) throw invalid('outcome', 'is not an outcome');
  token('actorId', input.actorId);
  token('actorRole', input.actorRole);
  if (input.resource !== undefined) token('resource', input.resource);
  if (input.requestId !== undefined) token('requestId', input.requestId);
  const { purpose, detail } = input;
  if (purpose !== undefined) {
    token('purpose/category', purpose.category);
    if (purpose.commitment !== undefined && !/^[0-9a-f]{64}$/.test(purpose.commitment)) {
      throw invalid('purpose/commitment', 'is not 32 bytes in hex');
    }
  }
  const pairs = Object.entries(detail ?? {});
  if (pairs.length > MOST_DETAILS) throw invalid('detail', `has more than ${MOST_DETAILS} fields`);
  for (const [name, value] of pairs) {
    if (!NAME.test(name)) throw invalid('detail', 'has a field whose name is no name');
    if (typeof value === 'string') token(`detail/${name}`, value);
    else if (typeof value === 'number' && !Number.isFinite(value)) {
      throw invalid(`detail/${name}`, 'is not finite');
    } else if (typeof value !== 'number' && typeof value !== 'boolean') {
      throw invalid(`detail/${name}`, 'is neither text, number nor boolean');
    }
  }
  return {
    v: 1,
    at: at.toISOString(),
    actor: { id: input.actorId, role: input.actorRole },
    action: input.action,
    outcome: input.outcome,
    ...(input.resource === undefined ? {} : { resource: input.resource }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
    ...(pairs.length === 0 ? {} : { detail: { ...detail } }),
  };
}

/** The bytes that are hashed and logged. */
export function encodeEntry(entry: LedgerEntry): Buffer {
  return Buffer.from(canonicalJson(entry));
}

/** Reads logged bytes back. Throws LEDGER_DAMAGED for what this program cannot have written. */
export function decodeEntry(bytes: Uint8Array): LedgerEntry {
  try {
    const entry = JSON.parse(Buffer.from(bytes).toString('utf8')) as LedgerEntry;
    if (entry.v === 1 && Number.isSafeInteger(entry.seq)) return entry;
  } catch (cause) {
    throw ledgerError('LEDGER_DAMAGED', 'a logged entry is not JSON', { cause });
  }
  throw ledgerError('LEDGER_DAMAGED', 'a logged entry is not of version 1');
}

function token(field: string, value: unknown): void {
  if (typeof value !== 'string' || !TOKEN.test(value)) throw invalid(field, 'is not a token');
  if (SOMEBODYS_NUMBER.test(value)) throw invalid(field, 'looks like a personal number');
}

function invalid(field: string, what: string) {
  return ledgerError('LEDGER_ENTRY_INVALID', `ledger entry: ${field} ${what}`, { field });
}
