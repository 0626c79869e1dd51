import {
  CERTIFICATE_FORMAT,
  type CertificateStatement,
  disposalDigest,
  encodeCertificate,
  MOST_CERTIFIED,
  verifyCertificate,
} from '@voxkeep/proof';
import type { Tx } from '../../../core/database.ts';
import { proveEntries, readEntry, type StoredEntry, whenLedgered } from '../../../ledger/index.ts';
import { disposalError } from '../run-error.ts';
import { certifiedRecords } from './certified-records.ts';
import { certifiedRun } from './certified-run.ts';
import type { Asking, CertificateDeps } from './ports.ts';

/** A certificate as it is given out: `voxkeep/disposal-certificate/v1`, see docs/FORMAT.md. */
export interface Issued {
  text: string;
  records: number;
  /** Of a run with more records: what the next document comes after. */
  next?: string;
}

/**
 * The certificate of a record that is gone, as things stand now. That it was given out, and what it says, is on the
 * ledger before it leaves. Rejects with RECORD_NOT_DISPOSED; LEDGER_RESTORING and LEDGER_UNAVAILABLE, retry later.
 */
export async function certificateOf(
  deps: CertificateDeps,
  recordId: string,
  asking: Asking,
): Promise<Issued> {
  const { statement, carried } = await atOneMoment(deps, async (tx) => {
    const row = await tx
      .selectFrom('disposal')
      .selectAll()
      .where('record_id', '=', recordId)
      .executeTakeFirst();
    if (row === undefined) {
      throw disposalError('RECORD_NOT_DISPOSED', `record ${recordId} is not disposed of`, 'id');
    }
    return { of: 'record' as const, runId: row.run_id, rows: [row], count: 1 };
  });
  return issue(deps, { statement, carried, subject: recordId }, asking);
}

/**
 * The certificate of what a run has disposed of so far: at most 1,000 records by id, from behind `after` where it is
 * given. Rejects with DISPOSAL_RUN_UNKNOWN, RECORD_NOT_DISPOSED where there is none, and as `certificateOf`.
 */
export async function certificateOfRun(
  deps: CertificateDeps,
  runId: string,
  after: string | undefined,
  asking: Asking,
): Promise<Issued> {
  const { statement, carried } = await atOneMoment(deps, async (tx) => {
    const ofRun = tx.selectFrom('disposal').where('run_id', '=', runId);
    const { n } = await ofRun
      .select(({ fn }) => fn.countAll<string>().as('n'))
      .executeTakeFirstOrThrow();
    const beyond = after === undefined ? ofRun : ofRun.where('record_id', '>', after);
    const rows = await beyond.selectAll().orderBy('record_id').limit(MOST_CERTIFIED).execute();
    if (rows.length === 0) await demandRun(tx, runId);
    return { of: 'run' as const, runId, rows, count: Number(n), after };
  });
  const last = statement.records.at(-1)?.recordId;
  const issued = await issue(deps, { statement, carried, subject: runId }, asking);
  const isFull = statement.records.length === MOST_CERTIFIED && last !== undefined;
  return { ...issued, ...(isFull ? { next: last } : {}) };
}

async function demandRun(tx: Tx, runId: string): Promise<never> {
  const run = await tx
    .selectFrom('disposal_run')
    .select('id')
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run === undefined) throw disposalError('DISPOSAL_RUN_UNKNOWN', `no run ${runId}`, 'id');
  throw disposalError('RECORD_NOT_DISPOSED', `run ${runId} has disposed of no more records`, 'id');
}

interface Subject {
  of: 'record' | 'run';
  runId: string;
  rows: Parameters<typeof certifiedRecords>[1];
  count: number;
  after?: string | undefined;
}

/** Everything that is said is of one moment, rows and ledger alike. */
async function atOneMoment(
  { db, archiveId, siteNames, log }: CertificateDeps,
  subjectOf: (tx: Tx) => Promise<Subject>,
): Promise<{ statement: CertificateStatement; carried: StoredEntry[] }> {
  const moment = () => db.transaction().setIsolationLevel('repeatable read');
  return whenLedgered(() =>
    moment().execute(async (tx) => {
      const { of, runId, rows, count, after } = await subjectOf(tx);
      const { run, carried: approvals } = await certifiedRun(tx, runId);
      const { records, carried } = await certifiedRecords(tx, rows, siteNames);
      const statement: CertificateStatement = {
        ...{ archiveId, log: log().origin, of, count, run, records },
        ...(after === undefined ? {} : { after }),
      };
      return { statement, carried: [...approvals, ...carried] };
    }),
  );
}

async function issue(
  { db, audit, log }: CertificateDeps,
  said: { statement: CertificateStatement; carried: StoredEntry[]; subject: string },
  { actor, requestId }: Asking,
): Promise<Issued> {
  const { statement, carried, subject } = said;
  const records = statement.records.length;
  const { outboxId } = await db.transaction().execute((tx) =>
    audit.append(tx, {
      ...{ actor, action: 'disposal.certify', resource: subject, outcome: 'ok', requestId },
      detail: { digest: disposalDigest(statement), records },
    }),
  );
  const { index: certified } = await audit.settle(outboxId);
  const { checkpoint, entries } = await proveEntries(db, [
    ...carried,
    await readEntry(db, certified),
  ]);
  const { verifierKey } = log();
  const text = encodeCertificate({
    ...{ format: CERTIFICATE_FORMAT, statement },
    ledger: { verifierKey, checkpoint, certified, entries },
  });
  // What does not verify is not given out.
  verifyCertificate(text, { vkey: verifierKey });
  return { text, records };
}
