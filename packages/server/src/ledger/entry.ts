import { canonicalJson } from '../core/canonical-json.ts';
import { factsFault, type PlainFacts, tokenFault } from '../core/plain-facts.ts';
import { isLedgerAction } from './actions.ts';
import { ledgerError } from './ledger-error.ts';

export type EntryDetail = PlainFacts;
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
  const wrong = factsFault(detail ?? {}, 'detail');
  if (wrong !== undefined) throw invalid(wrong.field, wrong.fault);
  return {
    v: 1,
    at: at.toISOString(),
    actor: { id: input.actorId, role: input.actorRole },
    action: input.action,
    outcome: input.outcome,
    ...(input.resource === undefined ? {} : { resource: input.resource }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(input.requestId === undefined ? {} : { requestId: input.requestId }),
    ...(Object.keys(detail ?? {}).length === 0 ? {} : { detail: { ...detail } }),
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
  const fault = tokenFault(value);
  if (fault !== undefined) throw invalid(field, fault);
}

function invalid(field: string, what: string) {
  return ledgerError('LEDGER_ENTRY_INVALID', `ledger entry: ${field} ${what}`, { field });
}
