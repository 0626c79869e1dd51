import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Tx } from '../../core/database.ts';
import { newUuidV7 } from '../../core/ids.ts';
import { parseDay, startOfDay } from '../../core/zone.ts';
import {
  type GrantedRecord,
  type GrantField,
  LONGEST_TO_DECIDE_MS,
  type MandateScope,
  type Party,
  type PurposeCategory,
} from '../../record/grant.ts';
import { act } from '../act.ts';
import { sha256Hex } from '../digest.ts';
import type { Viewer } from '../policy.ts';
import { GRANTABLE } from '../policy-table.ts';
import { askedRecords } from './asked-records.ts';
import type { RequestDeps } from './ports.ts';
import { requestError } from './request-error.ts';

const HOUR_MS = 3_600_000;
/** For how long a request can be decided. */
const DECIDE_MS = { records: 24 * HOUR_MS, mandate: LONGEST_TO_DECIDE_MS, break_glass: HOUR_MS };
/** Of one person, at the same time. */
const MOST_PENDING = 50;
const LONGEST_MANDATE_MS = 3 * 366 * 24 * HOUR_MS;

interface Purpose {
  category: PurposeCategory;
  text: string;
}
export interface RecordsAsked {
  kind: 'records' | 'break_glass';
  recordIds: readonly string[];
  fields: readonly GrantField[];
  purpose: Purpose;
  minutes: number;
}

/**
 * Asks for records. Resolves to the request's id. Rejects with PERSON_UNKNOWN, FIELD_NOT_GRANTABLE,
 * REQUEST_EMPTY, REQUEST_TOO_LARGE, RECORD_UNKNOWN, RECORD_NOT_READY, and BREAK_GLASS_TO_REVIEW while
 * the last break-glass was not reviewed; TOO_MANY_PENDING.
 */
export async function askForRecords(
  deps: RequestDeps,
  viewer: Viewer,
  asked: RecordsAsked,
  httpRequestId: string,
): Promise<string> {
  const { kind, minutes, purpose } = asked;
  const requester = partyOf(viewer);
  demandGrantable(viewer, asked.fields);
  if (kind === 'break_glass') await demandReviewed(deps);
  const records = await askedRecords(deps.db, asked.recordIds);
  const fields = [...new Set(asked.fields)].sort();
  return file(deps, requester, purpose, { kind, records, fields, minutes }, httpRequestId);
}

export interface MandateAsked {
  holder: Party;
  scope: { industries?: string[]; issueTypes?: string[]; from: string; to: string };
  validFrom: string;
  validTo: string;
  purpose: Purpose;
  /** The authority's own number of its letter; kept sealed with the text. */
  reference: string;
}

/** Asks for a mandate. Rejects with PERSON_UNKNOWN, MANDATE_SCOPE_INVALID naming the field. */
export async function askForMandate(
  deps: RequestDeps,
  viewer: Viewer,
  asked: MandateAsked,
  httpRequestId: string,
): Promise<string> {
  const validFrom = new Date(asked.validFrom);
  const validTo = new Date(asked.validTo);
  if (validTo <= validFrom || validTo <= deps.clock.now()) {
    throw requestError(
      'MANDATE_SCOPE_INVALID',
      'its validity ends before it begins',
      'body/validTo',
    );
  }
  if (validTo.getTime() - validFrom.getTime() > LONGEST_MANDATE_MS) {
    throw requestError('MANDATE_SCOPE_INVALID', 'three years at most', 'body/validTo');
  }
  const { holder, purpose, reference } = asked;
  const terms = {
    ...{ kind: 'mandate' as const, holder, scope: scopeOf(asked.scope, deps.timeZone) },
    ...{ validFrom: validFrom.toISOString(), validTo: validTo.toISOString() },
  };
  return file(deps, partyOf(viewer), { ...purpose, reference }, terms, httpRequestId);
}

/** The canonical request, kept with its sealed words; approvers are told of it. */
async function file(
  deps: RequestDeps,
  requester: Party,
  { category, ...words }: Purpose & { reference?: string },
  terms: Terms,
  httpRequestId: string,
): Promise<string> {
  const now = deps.clock.now();
  const id = newUuidV7(deps.clock, deps.random);
  const text = canonicalJson(words);
  const commitment = createHmac('sha256', deps.commitmentKey)
    .update(`${id}\0${text}`)
    .digest('hex');
  const decideBy = new Date(now.getTime() + DECIDE_MS[terms.kind]);
  const canonical = canonicalJson({
    ...{ format: 'voxkeep/access-request/v1', archiveId: deps.archiveId, requestId: id, requester },
    ...{ purpose: { category, commitment }, decideBy: decideBy.toISOString() },
    ...terms,
  });
  return act(deps, async (tx) => {
    await demandFewPending(tx, requester.person, now);
    await tx
      .insertInto('access_request')
      .values({
        ...{ id, kind: terms.kind, state: 'pending', canonical, purpose_category: category },
        ...{ requester_id: requester.account, requester_person: requester.person },
        holder_id: terms.kind === 'mandate' ? terms.holder.account : requester.account,
        sealed_purpose: deps.texts.seal(id, Buffer.from(text)),
        ...{ created_at: now, decide_by: decideBy },
        ...{ live_since: null, ends_at: null, reviewed_at: null },
      })
      .execute();
    await deps.notices.tell(tx, {
      to: { roles: ['approver'], except: [requester.account] },
      ...{ kind: 'request.awaiting', severity: 'action', resource: id },
    });
    return {
      answer: id,
      entry: {
        actor: { id: requester.account, role: requester.role },
        ...{ action: terms.kind === 'break_glass' ? 'access.break_glass' : 'access.request' },
        ...{ resource: id, outcome: 'ok', requestId: httpRequestId },
        purpose: { category, commitment },
        detail: { kind: terms.kind, digest: sha256Hex(canonical), ...countsOf(terms) },
      },
    };
  });
}

/** Every request calls every approver: nobody drowns them. Rejects with TOO_MANY_PENDING. */
async function demandFewPending(tx: Tx, person: string, now: Date): Promise<void> {
  await inTurnOf(tx, person);
  const { n } = await tx
    .selectFrom('access_request')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('requester_person', '=', person)
    .where('state', '=', 'pending')
    .where('decide_by', '>', now)
    .executeTakeFirstOrThrow();
  if (Number(n) < MOST_PENDING) return;
  throw requestError('TOO_MANY_PENDING', `${MOST_PENDING} of your requests wait already`);
}

/** What one person sends at the same time is counted one after the other. */
export const inTurnOf = (tx: Tx, person: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${person}, 0))`.execute(tx);

type Terms =
  | {
      kind: 'records' | 'break_glass';
      records: GrantedRecord[];
      fields: GrantField[];
      minutes: number;
    }
  | {
      kind: 'mandate';
      holder: Party;
      scope: MandateScope;
      validFrom: string;
      validTo: string;
    };

const countsOf = (terms: Terms): Record<string, string | number> =>
  terms.kind === 'mandate'
    ? { holder: terms.holder.account, from: terms.validFrom, to: terms.validTo }
    : {
        ...{
          records: terms.records.length,
          fields: terms.fields.join(','),
          minutes: terms.minutes,
        },
        ...(terms.records.length === 1 ? { record: terms.records[0]?.id ?? '' } : {}),
      };

/** Who asks, as the request names them. Rejects with PERSON_UNKNOWN. */
export function partyOf(viewer: Pick<Viewer, 'actorId' | 'role' | 'personRef'>): Party {
  const { actorId: account, role, personRef: person } = viewer;
  if (person === undefined) {
    throw requestError('PERSON_UNKNOWN', 'the account has no person number; ask an administrator');
  }
  return { account, role, person };
}

function demandGrantable(viewer: Viewer, fields: readonly GrantField[]): void {
  const allowed = GRANTABLE[viewer.role]?.fields ?? [];
  const at = fields.findIndex((field) => !allowed.includes(field));
  if (at === -1) return;
  const message = `the role ${viewer.role} cannot be given ${fields[at]}`;
  throw requestError('FIELD_NOT_GRANTABLE', message, `body/fields/${at}`);
}

/** Rejects with BREAK_GLASS_TO_REVIEW. */
export async function demandReviewed({ warrants }: Pick<RequestDeps, 'warrants'>): Promise<void> {
  if ((await warrants.unreviewed()).length === 0) return;
  throw requestError('BREAK_GLASS_TO_REVIEW', 'the last break-glass has to be reviewed first');
}

/** Days of the archive's zone, both included, as instants. */
function scopeOf(scope: MandateAsked['scope'], timeZone: string): MandateScope {
  const from = parseDay(scope.from);
  const to = parseDay(scope.to);
  if (from === undefined || to === undefined) {
    const field = from === undefined ? 'body/scope/from' : 'body/scope/to';
    throw requestError('MANDATE_SCOPE_INVALID', 'is no day', field);
  }
  const start = startOfDay(timeZone, from);
  const before = startOfDay(timeZone, { ...to, day: to.day + 1 });
  if (before <= start) {
    throw requestError(
      'MANDATE_SCOPE_INVALID',
      'the period ends before it begins',
      'body/scope/to',
    );
  }
  const { industries, issueTypes } = scope;
  return {
    ...{ from: start.toISOString(), before: before.toISOString() },
    ...(industries === undefined ? {} : { industries: [...new Set(industries)].sort() }),
    ...(issueTypes === undefined ? {} : { issueTypes: [...new Set(issueTypes)].sort() }),
  };
}
