import type { RegisterEntryIn, RegisterEntryView, RegisterKind } from '@voxkeep/contract';
import type { Selectable } from 'kysely';
import type { Actor, AuditEntry } from '../../core/audit.ts';
import type { Db, Tx } from '../../core/database.ts';
import { isUuid, newUuidV7 } from '../../core/ids.ts';
import type { AuditTables } from '../../core/tables/audits.ts';
import { auditError } from './audit-error.ts';
import type { AuditDeps } from './ports.ts';

type Row = Selectable<AuditTables['register_entry']>;
type Registers = Pick<AuditDeps, 'db' | 'clock' | 'random' | 'audit' | 'texts'>;
interface By {
  actor: Actor;
  requestId: string;
}
const MOST = 1000;

/** Entries, the newest first; those that were ended too. */
export async function listRegisters({ db, texts }: Registers): Promise<RegisterEntryView[]> {
  const rows = await db
    .selectFrom('register_entry')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  return rows.map((row) => entryView(texts, row));
}

/** Enters a document. Rejects with REGISTER_INVALID, naming the field. */
export async function addRegisterEntry(
  deps: Registers,
  entry: RegisterEntryIn,
  { actor, requestId }: By,
): Promise<RegisterEntryView> {
  demandFit(entry);
  const { kind, title, subject, country, validFrom, reviewBy, documentSha256 } = entry;
  const id = newUuidV7(deps.clock, deps.random);
  await noted(deps, async (tx) => {
    await tx
      .insertInto('register_entry')
      .values({
        ...{ id, kind, sealed: deps.texts.seal(id, Buffer.from(title)), valid_from: validFrom },
        ...{ subject: subject ?? null, country: country ?? null, review_by: reviewBy },
        ...{ document_sha256: documentSha256, entered_by: actor.id, ended_by: null },
        ...{ entered_at: deps.clock.now(), ended_at: null },
      })
      .execute();
    return {
      ...{ actor, requestId, action: 'register.add', resource: id, outcome: 'ok' },
      detail: {
        kind,
        document: `d${documentSha256}`,
        ...(subject === undefined ? {} : { subject }),
      },
    };
  });
  return entryView(deps.texts, await entryRow(deps.db, id));
}

/** Ends an entry: it counts no more, and stays. Rejects with REGISTER_UNKNOWN. */
export async function endRegisterEntry(
  deps: Registers,
  id: string,
  { actor, requestId }: By,
): Promise<RegisterEntryView> {
  await noted(deps, async (tx) => {
    const { kind, ended_at } = await entryRow(tx, id, true);
    if (ended_at !== null) throw unknownEntry();
    await tx
      .updateTable('register_entry')
      .set({ ended_at: deps.clock.now(), ended_by: actor.id })
      .where('id', '=', id)
      .execute();
    return {
      ...{ actor, requestId, action: 'register.end', resource: id, outcome: 'ok' },
      detail: { kind },
    };
  });
  return entryView(deps.texts, await entryRow(deps.db, id));
}

async function noted(deps: Registers, work: (tx: Tx) => Promise<AuditEntry>): Promise<void> {
  const { outboxId } = await deps.db
    .transaction()
    .execute(async (tx) => deps.audit.append(tx, await work(tx)));
  await deps.audit.settle(outboxId);
}

/** A country is a site's, and a site has to be named for it and for its processor. */
function demandFit({ kind, subject, country, validFrom, reviewBy }: RegisterEntryIn): void {
  const invalid = (field: string, why: string) =>
    auditError('REGISTER_INVALID', `body/${field}: ${why}`, { field: `body/${field}` });
  if (reviewBy <= validFrom) throw invalid('reviewBy', 'is not after validFrom');
  const needsSite = kind === 'site_country' || kind === 'processor_contract';
  if (needsSite && subject === undefined) throw invalid('subject', 'names no site');
  if (kind === 'site_country' && country === undefined) throw invalid('country', 'is missing');
  if (kind !== 'site_country' && country !== undefined) {
    throw invalid('country', 'is of a site only');
  }
}

async function entryRow(db: Db | Tx, id: string, lock = false): Promise<Row> {
  const query = db.selectFrom('register_entry').selectAll().where('id', '=', id);
  const row = isUuid(id) ? await (lock ? query.forUpdate() : query).executeTakeFirst() : undefined;
  if (row === undefined) throw unknownEntry();
  return row;
}

const unknownEntry = () =>
  auditError('REGISTER_UNKNOWN', 'there is no such entry in force', { field: 'id' });

const entryView = (texts: AuditDeps['texts'], row: Row): RegisterEntryView => ({
  ...{
    id: row.id,
    kind: row.kind as RegisterKind,
    title: texts.open(row.id, row.sealed).toString(),
  },
  ...(row.subject === null ? {} : { subject: row.subject }),
  ...(row.country === null ? {} : { country: row.country }),
  ...{ validFrom: row.valid_from, reviewBy: row.review_by, documentSha256: row.document_sha256 },
  ...{ enteredBy: row.entered_by, enteredAt: row.entered_at.toISOString() },
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
});
