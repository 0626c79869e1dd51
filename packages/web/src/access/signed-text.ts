import type { AccessRequestView, PasskeyView } from '@voxkeep/contract';
import { dayAfter, instantOfDay } from '../i18n/zone-days.ts';

/**
 * Whether the text that is about to be signed says what the page shows of a request: the same request,
 * person, calls with their tiers, fields and time. An archive that shows one thing and has another
 * signed is found out here.
 */
export function saysTheSame(
  canonical: string,
  request: AccessRequestView,
  timeZone: string,
): boolean {
  const said = parse(canonical);
  if (said === undefined) return false;
  const requester = said['requester'] as Named | undefined;
  const purpose = said['purpose'] as { category?: unknown } | undefined;
  const same =
    said['format'] === 'voxkeep/access-request/v1' &&
    said['requestId'] === request.id &&
    said['kind'] === request.kind &&
    requester?.account === request.requester.id &&
    purpose?.category === request.purpose.category &&
    sameInstant(said['decideBy'], request.decideBy);
  if (!same) return false;
  return request.kind === 'mandate'
    ? sameMandate(said, request, timeZone)
    : sameRecords(said, request);
}

/** Whether it is the review of that break-glass, with that finding. */
export function isReviewOf(
  canonical: string,
  requestId: string,
  finding: string | undefined,
): boolean {
  const said = parse(canonical);
  return (
    said?.['format'] === 'voxkeep/break-glass-review/v1' &&
    said['requestId'] === requestId &&
    said['finding'] === finding
  );
}

/**
 * Whether it is the enrolment of that passkey for its owner, in the role that is shown, and the text of
 * which the fingerprint was.
 */
export function isEnrolmentOf(
  canonical: string,
  { id, owner, statement }: Pick<PasskeyView, 'id' | 'owner' | 'statement'>,
): boolean {
  const said = parse(canonical);
  const named = said?.['owner'] as { account?: unknown; role?: unknown } | undefined;
  return (
    canonical === statement &&
    said?.['format'] === 'voxkeep/passkey/v1' &&
    said['passkeyId'] === id &&
    named?.account === owner.id &&
    named.role === owner.role
  );
}

type Said = Record<string, unknown>;
interface Named {
  account?: unknown;
}

function sameRecords(said: Said, request: AccessRequestView): boolean {
  const records = (said['records'] ?? []) as { id?: unknown; tier?: unknown }[];
  const tiers = new Map(records.map(({ id, tier }) => [id, tier]));
  return (
    said['minutes'] === request.minutes &&
    sameNames(said['fields'], request.fields) &&
    tiers.size === request.recordCount &&
    // The page shows the first fifty; those have to be among them.
    request.records.every(({ id, tier }) => tiers.get(id) === tier)
  );
}

function sameMandate(said: Said, request: AccessRequestView, timeZone: string): boolean {
  const holder = said['holder'] as Named | undefined;
  const scope = (said['scope'] ?? {}) as Record<string, unknown>;
  const shown = request.scope;
  return (
    shown !== undefined &&
    // Days of the archive's zone, both included.
    sameInstant(scope['from'], instantOfDay(shown.from, timeZone)) &&
    sameInstant(scope['before'], instantOfDay(dayAfter(shown.to), timeZone)) &&
    holder?.account === request.holder?.id &&
    sameNames(scope['industries'], shown.industries) &&
    sameNames(scope['issueTypes'], shown.issueTypes) &&
    sameInstant(said['validFrom'], request.validFrom) &&
    sameInstant(said['validTo'], request.validTo)
  );
}

function sameNames(said: unknown, shown: readonly string[] | undefined): boolean {
  if (said === undefined || shown === undefined) return said === shown;
  if (!Array.isArray(said)) return false;
  return JSON.stringify(said.toSorted()) === JSON.stringify(shown.toSorted());
}

function sameInstant(said: unknown, shown: string | undefined): boolean {
  return typeof said === 'string' && shown !== undefined && Date.parse(said) === Date.parse(shown);
}

function parse(text: string): Said | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Said) : undefined;
  } catch {
    return undefined;
  }
}
