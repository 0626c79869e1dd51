import type { ProvenEntries } from '../log/proven-entries.ts';
import { type CertifiedRecord, disposalDigest } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';

/**
 * Returns when everything that is said of a record is what its entries of the ledger commit to. Throws
 * CERTIFICATE_DIGEST, CERTIFICATE_CLAIM.
 */
export function checkRecord(record: CertifiedRecord, runId: string, entries: ProvenEntries): void {
  const { recordId, facts, digest } = record;
  if (facts.recordId !== recordId || facts.runId !== runId) {
    throw claim(recordId, 'what was there is of another record or run');
  }
  const { disposed } = record.entries;
  const committed = entries.of(disposed, 'record.dispose', recordId).detail?.['digest'];
  if (digest !== committed || disposalDigest(facts) !== committed) {
    const message = `record ${recordId}: what was there is not what entry ${disposed} commits to`;
    throw new CertificateError('CERTIFICATE_DIGEST', message);
  }
  checkEnd(record, entries);
  checkEpoch(record, entries);
  checkReceived(record, entries);
}

/** That no site has an envelope any more. */
function checkEnd(record: CertifiedRecord, entries: ProvenEntries): void {
  const { recordId, digest, sites, unreadableAt, lockedUntil } = record;
  const { disposed, unreadable } = record.entries;
  const pending = sites.some((site) => site.pending !== undefined);
  if ((unreadableAt === undefined) !== (unreadable === undefined)) {
    throw claim(recordId, 'since when it is unreadable is not said by an entry');
  }
  if (unreadable === undefined) {
    if (!pending) throw claim(recordId, 'no site is pending, and yet nothing says that it is gone');
    return;
  }
  const { detail, at } = entries.of(unreadable, 'record.unreadable', recordId);
  if (unreadable <= disposed || detail?.['digest'] !== digest || at !== unreadableAt) {
    throw claim(recordId, `entry ${unreadable} says otherwise since when it is unreadable`);
  }
  if (pending) throw claim(recordId, 'unreadable everywhere, and yet a site is pending');
  const until = detail['lockedUntil'];
  if (until !== undefined && (lockedUntil === undefined || String(until) > lockedUntil)) {
    throw claim(recordId, `entry ${unreadable} knows of a longer lock`);
  }
}

/** That nobody holds keys of its epoch any more: beyond old copies from the later of the two on. */
function checkEpoch(record: CertifiedRecord, entries: ProvenEntries): void {
  const { recordId, facts, beyondOldCopiesFrom, unreadableAt } = record;
  const { epochGone } = record.entries;
  if ((beyondOldCopiesFrom === undefined) !== (epochGone === undefined)) {
    throw claim(recordId, 'the end of its epoch is not said by an entry');
  }
  if (epochGone === undefined) return;
  const { at } = entries.of(epochGone, 'key.epoch_gone', facts.epoch);
  const from = unreadableAt === undefined || at > unreadableAt ? at : unreadableAt;
  if (unreadableAt === undefined || beyondOldCopiesFrom !== from) {
    throw claim(recordId, `entry ${epochGone} does not put it beyond old copies then`);
  }
}

/** Whoever was given a copy, as the ledger has it. */
function checkReceived(record: CertifiedRecord, entries: ProvenEntries): void {
  const { recordId, received } = record;
  let before = -1;
  for (const { entry: index, at, account, role, act } of received) {
    const entry = entries.of(index, `record.${act}`, recordId);
    const same = entry.at === at && entry.actor.id === account && entry.actor.role === role;
    if (!same || index <= before || index >= record.entries.disposed) {
      throw claim(recordId, `entry ${index} says otherwise who received a copy`);
    }
    before = index;
  }
}

function claim(recordId: string, what: string): CertificateError {
  return new CertificateError('CERTIFICATE_CLAIM', `record ${recordId}: ${what}`);
}
