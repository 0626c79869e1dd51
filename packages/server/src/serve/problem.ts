import type { Problem } from '@voxkeep/contract';
import { ArchiveError } from '../core/errors.ts';

/** The one place that knows HTTP statuses of error codes. What is not here is a 500. */
const STATUS: Record<string, number> = {
  // the request
  ...codes(400, ['REQUEST_INVALID', 'METADATA_MISSING', 'MEDIA_MISSING', 'MEDIA_EMPTY']),
  ...codes(400, ['VCON_UNREADABLE', 'VCON_NO_MEDIA', 'CURSOR_INVALID', 'SEARCH_QUERY_INVALID']),
  ...codes(400, ['SEARCH_TEXT_TOO_SHORT', 'MULTIPART_INVALID', 'ACCOUNT_INVALID']),
  ...codes(401, ['NOT_SIGNED_IN', 'SIGN_IN_FAILED', 'TOTP_REQUIRED', 'TOTP_WRONG']),
  ...codes(401, ['SESSION_EXPIRED', 'API_KEY_INVALID', 'SETUP_TOKEN_INVALID']),
  ...codes(401, ['TICKET_REQUIRED', 'TICKET_EXPIRED']),
  ...codes(401, ['IDENTITY_REFUSED']),
  ...codes(403, ['FORBIDDEN', 'CSRF_REFUSED', 'GRANT_REQUIRED', 'TICKET_INVALID']),
  ...codes(403, ['RECORD_RESTRICTED']),
  ...codes(405, ['METHOD_NOT_ALLOWED']),
  ...codes(408, ['REQUEST_TIMEOUT']),
  ...codes(431, ['HEADERS_TOO_LARGE']),
  ...codes(404, [
    'EXPORT_EMPTY',
    'NOT_FOUND',
    'RECORD_UNKNOWN',
    'SITE_UNKNOWN',
    'ACCOUNT_UNKNOWN',
    'FILTER_UNKNOWN',
    'SHARE_UNKNOWN',
  ]),
  ...codes(404, ['LEDGER_INDEX_UNKNOWN', 'LEDGER_TILE_UNKNOWN']),
  ...codes(409, [
    'SOURCE_CALL_CONFLICT',
    'RECORD_NOT_RESUMABLE',
    'RECORD_NOT_READY',
    'TIER_UNCHANGED',
    'SCRUB_RUNNING',
    'DRILL_RUNNING',
    'PLACEMENT_CHANGED',
    'ROTATION_RUNNING',
    'ROTATION_NOTHING',
    'ROTATION_TOO_SOON',
  ]),
  ...codes(404, ['HOLD_UNKNOWN', 'RECORD_NOT_HELD']),
  ...codes(409, ['HOLD_RELEASED']),
  ...codes(404, ['ORIGINAL_WAIT_UNKNOWN']),
  ...codes(409, ['ORIGINAL_NOT_WAITING', 'ORIGINAL_WAIT_ASKED', 'ORIGINAL_WAIT_DECIDED']),
  ...codes(422, ['ORIGINAL_DAY_INVALID']),
  ...codes(403, ['HOLD_SAME_PERSON']),
  ...codes(422, ['HOLD_CUSTODIAN_UNKNOWN']),
  ...codes(503, ['HOLD_BUSY']),
  ...codes(404, ['DISPOSAL_RUN_UNKNOWN', 'RECORD_NOT_DISPOSED']),
  ...codes(409, [
    'DISPOSAL_NOTHING_DUE',
    'DISPOSAL_NOT_DUE',
    'DISPOSAL_RUN_STATE',
    'DISPOSAL_OVER',
  ]),
  ...codes(409, ['DISPOSAL_NOT_SIGNED']),
  ...codes(404, ['RETENTION_RULES_UNKNOWN']),
  ...codes(409, ['RETENTION_SHORTENS', 'RETENTION_STALE', 'RETENTION_UNCHANGED']),
  ...codes(409, ['RETENTION_WALKING']),
  ...codes(422, ['RETENTION_PROFILES_INVALID', 'RETENTION_DAY_INVALID']),
  ...codes(422, ['CASE_HANDLER_UNKNOWN', 'PLACEMENT_INVALID']),
  ...codes(400, ['SCIM_INVALID']),
  ...codes(409, ['ACCOUNT_EXISTS', 'SETUP_DONE']),
  ...codes(404, ['CLOSURE_UNKNOWN', 'SUBJECT_REQUEST_UNKNOWN']),
  ...codes(409, ['CLOSURE_CONFLICT', 'SUBJECT_REQUEST_STATE', 'SUBJECT_EXTENDED_ALREADY']),
  ...codes(403, ['SUBJECT_SECOND_PERSON']),
  ...codes(422, ['CLOSURE_DAY_INVALID', 'SUBJECT_DAY_INVALID', 'SUBJECT_RECORD_OTHER']),
  ...codes(422, ['SUBJECT_VALUE_UNKNOWN', 'SUBJECT_COPY_EMPTY', 'SUBJECT_COPY_TOO_LARGE']),
  ...codes(410, ['RECORD_DISPOSED']),
  ...codes(404, ['AUDIT_UNKNOWN', 'FINDING_UNKNOWN', 'REGISTER_UNKNOWN']),
  ...codes(409, ['AUDIT_RUNNING', 'AUDIT_NOT_ENDED', 'FINDING_NOT_OPEN']),
  ...codes(422, ['REGISTER_INVALID']),
  ...codes(503, ['FINDING_NOT_RETESTED', 'REPORT_MISSING']),
  ...codes(404, ['ENGAGEMENT_UNKNOWN', 'SAMPLE_UNKNOWN', 'EVIDENCE_UNKNOWN']),
  ...codes(403, ['ENGAGEMENT_OTHER', 'ENGAGEMENT_SECOND_PERSON']),
  ...codes(409, ['ENGAGEMENT_STATE', 'ENGAGEMENT_TEXT_OTHER', 'SAMPLE_STATE', 'SAMPLE_WAITS']),
  ...codes(409, ['EVIDENCE_STATE', 'FINDING_STATE']),
  ...codes(422, ['ENGAGEMENT_DAYS_INVALID', 'ENGAGEMENT_SCOPE', 'SAMPLE_NONCE_WRONG']),
  ...codes(422, ['SAMPLE_POPULATION_EMPTY', 'SAMPLE_POPULATION_LARGE']),
  ...codes(422, ['EVIDENCE_REFERENCE_UNKNOWN']),
  ...codes(413, ['MEDIA_TOO_LARGE', 'TRANSCRIPT_TOO_LARGE', 'SCREENSHOT_TOO_LARGE']),
  ...codes(413, ['VCON_TOO_LARGE', 'BODY_TOO_LARGE', 'TOO_MANY_SCREENSHOTS']),
  ...codes(415, ['MEDIA_UNKNOWN', 'SCREENSHOT_UNSUPPORTED', 'CONTENT_TYPE_UNSUPPORTED']),
  ...codes(415, ['TRANSCRIPT_FORMAT_UNKNOWN']),
  ...codes(416, ['RANGE_NOT_SATISFIABLE']),
  ...codes(422, ['METADATA_INVALID', 'VCON_INVALID', 'VCON_EXTERNAL_MEDIA']),
  ...codes(422, ['VCON_SIGNED_UNSUPPORTED', 'TRANSCRIPT_UNREADABLE', 'TRANSCRIPT_TIMES_BAD']),
  ...codes(422, ['MEDIA_UNREADABLE', 'MEDIA_NEEDS_INDEX_FIRST', 'PASSWORD_WEAK']),
  ...codes(422, ['EXPORT_TOO_LARGE']),
  ...codes(423, ['ACCOUNT_LOCKED']),
  ...codes(429, ['RATE_LIMITED']),
  ...codes(503, ['PROVIDER_UNREACHABLE']),
  ...codes(503, [
    'LEDGER_UNAVAILABLE',
    'LEDGER_RESTORING',
    'SITE_UNREACHABLE',
    'SITE_FULL',
    'NOT_READY',
  ]),
  ...codes(503, ['SITE_REFUSED', 'KEYS_UNAVAILABLE']),
};

function codes(status: number, names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, status]));
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Sign in',
  403: 'Refused by policy',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported type',
  416: 'Range not satisfiable',
  422: 'Invalid content',
  423: 'Locked',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available now',
};

/** Further members that an error may carry into its problem document. */
interface Carried {
  fields?: { field: string; message: string }[];
  rule?: string;
  askWhom?: string;
  keepUntil?: string;
  keptBy?: string;
}

/**
 * RFC 9457 problem details of any error. An error without a status here tells its caller nothing
 * but the request id, by which the log has the rest.
 */
export function problemOf(
  error: unknown,
  requestId: string,
  extraStatus: Record<string, number> = {},
): Problem {
  const code = error instanceof ArchiveError ? error.code : frameworkCode(error);
  const status = extraStatus[code] ?? STATUS[code] ?? 500;
  const shown = status !== 500 && error instanceof Error;
  const carried = error as Carried;
  const detail = error instanceof ArchiveError ? error.publicMessage : (error as Error).message;
  return {
    type: `https://voxkeep.invalid/problems/${(shown ? code : 'INTERNAL').toLowerCase()}`,
    title: TITLES[status] ?? 'Error',
    status,
    code: shown ? code : 'INTERNAL',
    detail: shown ? detail : 'something went wrong inside; the request id finds it in the log',
    requestId,
    ...(error instanceof ArchiveError && error.field !== undefined ? { field: error.field } : {}),
    ...(carried.fields === undefined ? {} : { errors: carried.fields }),
    ...(carried.rule === undefined ? {} : { rule: carried.rule }),
    ...(carried.askWhom === undefined ? {} : { askWhom: carried.askWhom }),
    ...(carried.keepUntil === undefined ? {} : { keepUntil: carried.keepUntil }),
    ...(carried.keptBy === undefined ? {} : { keptBy: carried.keptBy }),
  };
}

/** Fastify's and its plugins' own codes, in this archive's words. */
function frameworkCode(error: unknown): string {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413) return 'BODY_TOO_LARGE';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || statusCode === 415) {
    return 'CONTENT_TYPE_UNSUPPORTED';
  }
  if (statusCode === 406 || code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') {
    return 'CONTENT_TYPE_UNSUPPORTED';
  }
  if (statusCode === 429) return 'RATE_LIMITED';
  if (statusCode === 404) return 'NOT_FOUND';
  if (statusCode === 400) return 'REQUEST_INVALID';
  return 'INTERNAL';
}
