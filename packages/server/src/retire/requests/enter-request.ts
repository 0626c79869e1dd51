import type { SubjectRequestIn } from '@voxkeep/contract';
import type { Actor } from '../../core/audit.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { parseDay } from '../../core/zone.ts';
import { countPerson, isOfPerson } from '../restrictions/index.ts';
import type { SubjectDeps } from './ports.ts';
import { type Asked, committed, daysOn, reachOf, sealText, todayIn } from './request-row.ts';
import { subjectError } from './subject-error.ts';

/** Who does it, whichever account is used. */
export interface Officer {
  actor: Actor;
  person: string;
}

/**
 * Enters what a person asked for; everything that says who it is lies sealed. The others of compliance are
 * told that it waits. Rejects with SUBJECT_DAY_INVALID, SUBJECT_VALUE_UNKNOWN, SUBJECT_RECORD_OTHER.
 */
export async function enterRequest(
  deps: SubjectDeps,
  wanted: SubjectRequestIn,
  { actor, person }: Officer,
  requestId: string,
): Promise<string> {
  const { kind, receivedOn, phone, account, identity, note, withMedia, corrections } = wanted;
  if (parseDay(receivedOn) === undefined || receivedOn > todayIn(deps)) {
    throw subjectError('SUBJECT_DAY_INVALID', 'is no day until today', 'body/receivedOn');
  }
  const asked: Asked = { phone, account, identity, note, withMedia, corrections };
  const id = newUuidV7(deps.clock);
  const text = JSON.stringify(asked);
  const answerBy = daysOn(receivedOn, deps.answerDays[kind]);
  const { outboxId } = await deps.db.transaction().execute(async (tx) => {
    await demandCorrectable(deps, tx, asked);
    const reach = reachOf(deps, { state: 'received', decided_at: null });
    const records = await countPerson(tx, deps, asked, reach);
    await tx
      .insertInto('subject_request')
      .values({
        ...{ id, kind, state: 'received', sealed: sealText(deps, id, 'asked', text) },
        ...{ received_on: receivedOn, answer_by: answerBy },
        ...{ entered_by: actor.id, entered_person: person, entered_at: deps.clock.now() },
      })
      .execute();
    await noteSearch(deps, tx, id, actor, records);
    await deps.notices.tell(tx, {
      to: { roles: ['compliance'], except: [actor.id] },
      ...{ kind: 'subject.awaiting', severity: 'action', resource: id },
      detail: { kind, answerBy },
    });
    return deps.audit.append(tx, {
      ...{ actor, action: 'subject.request', resource: id, outcome: 'ok', requestId },
      purpose: { category: `subject_${kind}`, commitment: committed(deps, id, text) },
      detail: { kind, receivedOn, answerBy, records },
    });
  });
  await deps.audit.settle(outboxId);
  return id;
}

/** Whose calls were looked for, and how many were found, stands in the ledger each time. */
export async function noteSearch(
  deps: Pick<SubjectDeps, 'audit'>,
  tx: Tx,
  cause: string,
  actor: Actor,
  hits: number,
): Promise<void> {
  await deps.audit.append(tx, {
    ...{ actor, action: 'record.search', outcome: 'ok' },
    detail: { filters: 'person', cause, hits },
  });
}

async function demandCorrectable(
  deps: SubjectDeps,
  tx: Tx,
  { phone, account, corrections = [] }: Asked,
): Promise<void> {
  const reach = reachOf(deps, { state: 'received', decided_at: null });
  for (const [at, { recordId, field, value }] of corrections.entries()) {
    if (!deps.isKnown(field, value)) {
      const message = `${field} has no such value`;
      throw subjectError('SUBJECT_VALUE_UNKNOWN', message, `body/corrections/${at}/value`);
    }
    if (await isOfPerson(tx, deps, { phone, account }, reach, recordId)) continue;
    const message = 'is no call of this number or account';
    throw subjectError('SUBJECT_RECORD_OTHER', message, `body/corrections/${at}/recordId`);
  }
}
