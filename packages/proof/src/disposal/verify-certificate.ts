import { hasLogCode, LogError } from '../log/log-error.ts';
import { type Countersigned, openWitnessed } from '../log/open-witnessed.ts';
import { ProvenEntries } from '../log/proven-entries.ts';
import { type CertificateStatement, disposalDigest, parseCertificate } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';
import { checkRecord } from './check-record.ts';

/** What a certificate proves. */
export interface ProvenCertificate {
  statement: CertificateStatement;
  /** When the archive said all this: the time of the entry that commits to it. */
  certifiedAt: string;
  /** The key that signed the log, and how many entries that had. */
  verifierKey: string;
  size: number;
  /** Witnesses that were asked for, and when each countersigned, by its own clock. */
  cosigned: Countersigned[];
}

/**
 * Verifies a deletion certificate offline, from its text alone. `vkey` is the log's verifier key from
 * elsewhere; without it the certificate's own is taken, which shows only that it fits together. Each of
 * `witnesses` (verifier keys) has to have countersigned. Throws CertificateError.
 */
export function verifyCertificate(
  text: string,
  keys: { vkey?: string | undefined; witnesses?: readonly string[] } = {},
): ProvenCertificate {
  const { statement, ledger } = parseCertificate(text);
  const { verifierKey, checkpoint: note, certified } = ledger;
  const { checkpoint, cosigned } = opened(note, keys.vkey ?? verifierKey, keys.witnesses ?? []);
  if (keys.vkey !== undefined && keys.vkey !== verifierKey) {
    throw new CertificateError('CERTIFICATE_KEY', 'the certificate names another verifier key');
  }
  if (checkpoint.origin !== statement.log) {
    const message = `the checkpoint is of ${checkpoint.origin}, not of ${statement.log}`;
    throw new CertificateError('CERTIFICATE_CHECKPOINT', message);
  }
  const { size, root } = checkpoint;
  const entries = new ProvenEntries(ledger.entries, { size, root }, refusal);
  const certifiedAt = checkCertified(statement, entries, certified);
  checkRun(statement, entries);
  checkOrder(statement);
  for (const record of statement.records) checkRecord(record, statement.run.id, entries);
  entries.demandAllAsked();
  return { statement, certifiedAt, verifierKey, size, cosigned };
}

function opened(note: string, vkey: string, witnesses: readonly string[]) {
  try {
    return openWitnessed(note, vkey, witnesses);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    const code = hasLogCode(error, 'LOG_KEY_BAD') ? 'CERTIFICATE_KEY' : 'CERTIFICATE_CHECKPOINT';
    throw new CertificateError(code, error.message);
  }
}

function refusal(kind: 'proof' | 'claim', message: string): CertificateError {
  const code = kind === 'proof' ? 'CERTIFICATE_PROOF' : 'CERTIFICATE_CLAIM';
  return new CertificateError(code, message);
}

/** The statement is the one that the archive put on its ledger; resolves to when. */
function checkCertified(
  statement: CertificateStatement,
  entries: ProvenEntries,
  index: number,
): string {
  const [first] = statement.records;
  const subject = statement.of === 'run' ? statement.run.id : (first?.recordId ?? '');
  const { detail, at } = entries.of(index, 'disposal.certify', subject);
  if (detail?.['digest'] === disposalDigest(statement)) return at;
  throw new CertificateError('CERTIFICATE_DIGEST', 'the statement is not the one on the ledger');
}

function checkRun({ run }: CertificateStatement, entries: ProvenEntries): void {
  if ((run.alone === undefined) === (run.approvals === undefined)) {
    throw new CertificateError('CERTIFICATE_CLAIM', 'a run goes alone or is approved');
  }
  let before = -1;
  for (const { entry, at, account, role } of run.approvals ?? []) {
    const { actor, at: then } = entries.of(entry, 'disposal.approve', run.id);
    const same = actor.id === account && actor.role === role && then === at;
    if (!same || entry <= before) {
      throw new CertificateError('CERTIFICATE_CLAIM', `entry ${entry} is another's approval`);
    }
    before = entry;
  }
}

/** Records stand in order, each once, and no more of them than are counted. */
function checkOrder({ of, count, after = '', records }: CertificateStatement): void {
  const ids = records.map(({ recordId }) => recordId);
  const inOrder = ids.every((id, at) => id > (ids[at - 1] ?? after));
  const own = of === 'run' || (count === 1 && after === '');
  if (inOrder && own && ids.length <= count) return;
  throw new CertificateError('CERTIFICATE_CLAIM', 'the records are not in order, or not as many');
}
