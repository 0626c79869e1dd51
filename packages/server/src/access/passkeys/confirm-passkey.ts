import type { Clock } from '../../core/clock.ts';
import type { Db, Tx } from '../../core/database.ts';
import { isUuid } from '../../core/ids.ts';
import type { Assertion } from '../../record/assertion.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { partyOf } from '../requests/ask.ts';
import { requestError } from '../requests/request-error.ts';
import type { PasskeyDeps } from './ports.ts';

const NEEDED = 2;

/**
 * One of the two confirmations of a passkey: by an enrolled approver's signature over its statement,
 * or, while the archive has too few approvers, `byPassword` of administrators and compliance, which
 * the caller has proved. The second enrols it. Rejects with PASSKEY_UNKNOWN, ENROLMENT_NOT_AWAITING,
 * ENROLMENT_OWN, ALREADY_DECIDED, PERSON_UNKNOWN, PASSKEY_NOT_ENROLLED, SIGNATURE_INVALID.
 */
export async function confirmPasskey(
  deps: PasskeyDeps,
  viewer: Viewer,
  { id, by }: { id: string; by: { assertion: Assertion } | 'password' },
  httpRequestId: string,
): Promise<void> {
  const confirmer = partyOf(viewer);
  await act(deps, async (tx) => {
    const row = await lockPasskey(tx, id);
    if (row.state !== 'awaiting') {
      throw requestError('ENROLMENT_NOT_AWAITING', `the passkey is ${row.state}`);
    }
    if (row.person === confirmer.person || row.actor_id === confirmer.account) {
      throw requestError('ENROLMENT_OWN', 'nobody confirms their own passkey');
    }
    await demandWay(deps, viewer, row.canonical, by);
    const assertion = by === 'password' ? null : JSON.stringify(by.assertion);
    const made = await tx
      .insertInto('passkey_confirmation')
      .values({
        ...{ passkey_id: id, actor_id: confirmer.account, actor_role: confirmer.role },
        ...{ person: confirmer.person, at: deps.clock.now(), assertion },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows === 0n) {
      throw requestError('ALREADY_DECIDED', 'this person has confirmed it already');
    }
    const confirmations = await tx
      .selectFrom('passkey_confirmation')
      .selectAll()
      .where('passkey_id', '=', id)
      .execute();
    // An account that was given another person number in between is not another person.
    const own = confirmations.filter((one) => one.actor_id === confirmer.account);
    if (own.length > 1) {
      throw requestError('ALREADY_DECIDED', 'this account has confirmed it already');
    }
    const sameWay = confirmations.filter((one) => (one.assertion === null) === (by === 'password'));
    const done = sameWay.length >= NEEDED;
    if (done) {
      await tx
        .updateTable('passkey')
        .set({ state: 'enrolled', enrolled_at: deps.clock.now() })
        .where('id', '=', id)
        .execute();
      await deps.notices.tell(tx, {
        to: { actorIds: [row.actor_id] },
        ...{ kind: 'enrolment.done', severity: 'info', resource: id },
      });
      // Within the transaction: a passkey that the key room refuses is not shown as enrolled.
      await deps.warrants.enrol(
        row.canonical,
        by === 'password'
          ? { people: sameWay.map((one) => one.person) }
          : { assertions: sameWay.flatMap((one) => one.assertion ?? []) },
        deps.clock.now(),
      );
    }
    return {
      answer: undefined,
      entry: {
        actor: { id: confirmer.account, role: confirmer.role },
        ...{ action: 'passkey.confirm', resource: id, outcome: 'ok', requestId: httpRequestId },
        detail: {
          ...{ digest: sha256Hex(row.canonical), owner: row.actor_id, complete: done },
          by: by === 'password' ? 'password' : 'passkey',
        },
      },
    };
  });
}

/** By passkey always; by password while the register is founded. */
async function demandWay(
  deps: PasskeyDeps,
  viewer: Viewer,
  canonical: string,
  by: { assertion: Assertion } | 'password',
): Promise<void> {
  if (by === 'password') {
    const roles: readonly string[] = ['admin', 'compliance'];
    if ((await deps.warrants.isFounding()) && roles.includes(viewer.role)) return;
    throw requestError('ENROLMENT_NOT_AWAITING', 'approvers confirm with their passkeys', 'body');
  }
  const signer = await deps.warrants.signerOf(canonical, by.assertion);
  if (signer.account !== viewer.actorId) {
    throw requestError('SAME_PERSON', 'the passkey is another account’s');
  }
}

/** Ends a passkey for good: its owner, an approver, compliance or an administrator. PASSKEY_UNKNOWN. */
export async function revokePasskey(
  deps: PasskeyDeps,
  viewer: Viewer,
  id: string,
  httpRequestId: string,
): Promise<void> {
  await act(deps, async (tx) => {
    const row = await lockRow(tx, id);
    if (row.state === 'revoked') {
      throw requestError('ENROLMENT_NOT_AWAITING', 'the passkey is revoked already');
    }
    await markRevoked(deps, tx, [id]);
    return {
      answer: undefined,
      entry: {
        actor: { id: viewer.actorId, role: viewer.role },
        ...{ action: 'passkey.revoke', resource: id, outcome: 'ok', requestId: httpRequestId },
        detail: { owner: row.actor_id },
      },
    };
  });
  await deps.warrants.revokePasskeys([id]);
}

/** A person of another role signs nothing in the old one: joins the transaction of the change. */
export async function revokePasskeysOf(
  deps: {
    db: Db;
    clock: Clock;
    warrants: Pick<PasskeyDeps['warrants'], 'revokePasskeys' | 'passkeys'>;
  },
  account: string,
): Promise<void> {
  const rows = await deps.db
    .selectFrom('passkey')
    .select('id')
    .where('actor_id', '=', account)
    .where('state', '!=', 'revoked')
    .execute();
  // What is enrolled counts, also where its row was hidden or is gone.
  const enrolled = (await deps.warrants.passkeys()).filter((one) => one.account === account);
  const ids = [...new Set([...rows, ...enrolled].map((one) => one.id))];
  if (ids.length === 0) return;
  await markRevoked(deps, deps.db, ids);
  await deps.warrants.revokePasskeys(ids);
}

const markRevoked = (deps: Pick<PasskeyDeps, 'clock'>, db: Db, ids: readonly string[]) =>
  db
    .updateTable('passkey')
    .set({ state: 'revoked', revoked_at: deps.clock.now() })
    .where('id', 'in', [...ids])
    .execute();

/**
 * The passkey, locked. Rejects with PASSKEY_UNKNOWN, also when its statement is not of this passkey and
 * owner: nobody is to be asked to sign something else than what they look at.
 */
export async function lockPasskey(tx: Tx, id: string) {
  const row = await lockRow(tx, id);
  const said = statementIn(row.canonical);
  const own =
    said.format === 'voxkeep/passkey/v1' &&
    said.passkeyId === id &&
    said.credentialId === row.credential_id &&
    said.owner?.account === row.actor_id &&
    said.owner.person === row.person;
  if (!own) throw unknownPasskey();
  return row;
}

/** As it is, for ending it. Rejects with PASSKEY_UNKNOWN. */
async function lockRow(tx: Tx, id: string) {
  const row = isUuid(id)
    ? await tx.selectFrom('passkey').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (row === undefined) throw unknownPasskey();
  return row;
}
const unknownPasskey = () => requestError('PASSKEY_UNKNOWN', 'there is no such passkey', 'id');

interface Said {
  format?: string;
  passkeyId?: string;
  credentialId?: string;
  owner?: { account?: string; person?: string };
}
function statementIn(canonical: string): Said {
  try {
    return JSON.parse(canonical) as Said;
  } catch {
    return {};
  }
}
