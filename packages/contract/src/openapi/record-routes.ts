import { IntakeReceipt } from '../intake.ts';
import { RecordStatus } from '../operations.ts';
import { ExportIn, MediaQuery, Ticket, TicketIn } from '../playback.ts';
import { CaseHandlers, CaseIn, Reclassified, ReclassifyIn } from '../record-changes.ts';
import { PeaksView, RecordView, Trail, TrailQuery, TranscriptView } from '../record-view.ts';
import {
  SavedFilter,
  SavedFilterIn,
  SavedFilters,
  SearchQuery,
  SearchResult,
  Vocabulary,
} from '../search.ts';
import type { Route } from './route.ts';

const READERS = ['agent', 'team_lead', 'qa', 'crisis', 'auditor', 'regulator', 'trainer'] as const;
const VIEWERS = [...READERS, 'compliance'] as const;
const SHOWN_MORE = ['qa', 'crisis', 'auditor'] as const;
const EXPORTERS = ['auditor', 'regulator'] as const;
const SENDERS = ['operator', 'service'] as const;
const ON_RECORD = {
  ...{ 403: ['RECORD_RESTRICTED'], 404: ['RECORD_UNKNOWN'], 409: ['RECORD_NOT_READY'] },
  410: ['RECORD_DISPOSED'],
};
const PACKAGE = {
  ...{ says: 'a ZIP, made while it leaves', bytes: ['application/zip'] },
  headers: { 'x-voxkeep-record-count': 'how many records are in it' },
};
const TICKETS = {
  ...{ 401: ['TICKET_REQUIRED', 'TICKET_EXPIRED'] },
  403: ['RECORD_RESTRICTED', 'TICKET_INVALID'],
};
const STATUS_ADDRESS = { location: 'address of the record’s status' };

/** Sending calls in, finding them, looking at them. */
export const recordRoutes: readonly Route[] = [
  {
    ...{ method: 'post', path: '/api/v1/records', who: SENDERS, action: 'ingest' },
    summary: 'Send a call in',
    more:
      'Media is encrypted while it streams in; the answer comes when it is durable at two sites ' +
      'and on the ledger. The same source and call id with the same media is answered with 200 ' +
      'and the first record.',
    body: 'upload',
    answers: {
      201: { says: 'a new record', schema: IntakeReceipt, headers: STATUS_ADDRESS },
      200: { says: 'known already', schema: IntakeReceipt, headers: STATUS_ADDRESS },
    },
    problems: {
      400: ['REQUEST_INVALID', 'MULTIPART_INVALID', 'METADATA_MISSING', 'MEDIA_MISSING'].concat(
        'MEDIA_EMPTY',
      ),
      409: ['SOURCE_CALL_CONFLICT'],
      410: ['RECORD_DISPOSED'],
      413: ['BODY_TOO_LARGE', 'MEDIA_TOO_LARGE', 'TRANSCRIPT_TOO_LARGE'].concat(
        'SCREENSHOT_TOO_LARGE',
        'TOO_MANY_SCREENSHOTS',
      ),
      415: ['CONTENT_TYPE_UNSUPPORTED', 'SCREENSHOT_UNSUPPORTED'],
      422: ['METADATA_INVALID'],
      503: ['SITE_UNREACHABLE', 'SITE_FULL'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/vcon', who: SENDERS, action: 'ingest' },
    summary: 'Send a call in as a vCon, plain or gzip',
    body: 'vcon',
    answers: {
      201: { says: 'a new record', schema: IntakeReceipt, headers: STATUS_ADDRESS },
      200: { says: 'known already', schema: IntakeReceipt, headers: STATUS_ADDRESS },
    },
    problems: {
      400: ['VCON_UNREADABLE', 'VCON_NO_MEDIA', 'MEDIA_EMPTY'],
      409: ['SOURCE_CALL_CONFLICT'],
      410: ['RECORD_DISPOSED'],
      413: ['VCON_TOO_LARGE', 'MEDIA_TOO_LARGE', 'TRANSCRIPT_TOO_LARGE'],
      415: ['CONTENT_TYPE_UNSUPPORTED'],
      422: ['VCON_INVALID', 'VCON_EXTERNAL_MEDIA', 'VCON_SIGNED_UNSUPPORTED', 'METADATA_INVALID'],
      503: ['SITE_UNREACHABLE', 'SITE_FULL'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/status', who: SENDERS, action: 'ingest' },
    summary: 'How far a record has come',
    answers: { 200: { says: 'its state, and why it stopped', schema: RecordStatus } },
    problems: { 404: ['RECORD_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records', who: VIEWERS, action: 'search' },
    summary: 'Search, newest first',
    more: 'Only what the viewer may see is found and counted. A search for text needs read_transcript.',
    query: SearchQuery,
    answers: { 200: { says: 'a page of results', schema: SearchResult } },
    problems: { 400: ['SEARCH_QUERY_INVALID', 'SEARCH_TEXT_TOO_SHORT', 'CURSOR_INVALID'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id', who: VIEWERS, action: 'view' },
    summary: 'All of a record that its viewer may see',
    answers: { 200: { says: 'the record', schema: RecordView } },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/transcript', action: 'read_transcript' },
    who: READERS,
    summary: 'The redacted transcript',
    answers: { 200: { says: 'turns with words and times', schema: TranscriptView } },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/peaks', who: READERS, action: 'stream' },
    summary: 'Loudness of the redacted sound, for a waveform',
    answers: { 200: { says: 'peaks', schema: PeaksView } },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/trail', who: ['compliance', 'auditor'] },
    action: 'trail',
    summary: 'Who looked at the record, and what was done with it',
    query: TrailQuery,
    answers: { 200: { says: 'entries of the ledger, newest first', schema: Trail } },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'post', path: '/api/v1/records/:id/ticket', who: READERS },
    action: ['stream', 'original'],
    summary: 'A ticket for a stream of the record',
    more:
      'Good for two minutes, for this session, record and stream only; `media` where the body names ' +
      'no stream; `original` needs the right to the original. A stream that has begun goes on after ' +
      'its ticket has expired; the next request needs a new one.',
    body: TicketIn,
    answers: { 200: { says: 'the ticket, and until when it is good', schema: Ticket } },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/media', who: READERS, action: 'stream' },
    summary: 'The redacted sound or video, any stretch of it',
    more: 'Every request is judged anew and written to the ledger. One range a request.',
    query: MediaQuery,
    headers: { range: 'bytes=FIRST-LAST' },
    answers: {
      200: {
        says: 'all of it',
        bytes: ['audio/wav', 'audio/flac', 'video/mp4'],
        headers: { 'accept-ranges': 'bytes' },
      },
      206: {
        says: 'the stretch that was asked for',
        bytes: ['audio/wav', 'audio/flac', 'video/mp4'],
        headers: { 'content-range': 'bytes FIRST-LAST/SIZE' },
      },
    },
    problems: { ...ON_RECORD, ...TICKETS, 416: ['RANGE_NOT_SATISFIABLE'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/media/h264', who: READERS, action: 'stream' },
    summary: 'A video for browsers that do not play H.265, made while it plays',
    query: MediaQuery,
    answers: { 200: { says: 'from its beginning', bytes: ['video/mp4'] } },
    problems: { ...TICKETS, 404: ['RECORD_UNKNOWN', 'NOT_FOUND'], 409: ['RECORD_NOT_READY'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/original', who: SHOWN_MORE, action: 'original' },
    summary: 'The media as it was sent in, unmasked, any stretch of it',
    more: 'By grant only. `x-voxkeep-watermark` says whose answer it is.',
    query: MediaQuery,
    headers: { range: 'bytes=FIRST-LAST' },
    answers: {
      200: {
        ...{ says: 'all of it', bytes: ['audio/*', 'video/*', 'application/octet-stream'] },
        headers: { 'accept-ranges': 'bytes', 'x-voxkeep-watermark': 'user; time; request' },
      },
      206: {
        says: 'the stretch that was asked for',
        bytes: ['audio/*', 'video/*', 'application/octet-stream'],
        headers: { 'content-range': 'bytes FIRST-LAST/SIZE' },
      },
    },
    problems: { ...ON_RECORD, ...TICKETS, 416: ['RANGE_NOT_SATISFIABLE'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/screenshots/:n', action: 'attachment' },
    who: SHOWN_MORE,
    summary: 'A screenshot; n counts from 0',
    answers: { 200: { says: 'the picture', bytes: ['image/png', 'image/jpeg', 'image/webp'] } },
    problems: { ...ON_RECORD, 404: ['RECORD_UNKNOWN', 'NOT_FOUND'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/download', who: ['auditor'] },
    action: 'download',
    summary: 'The redacted media as a file',
    answers: {
      200: {
        ...{ says: 'the file', bytes: ['audio/wav', 'audio/flac', 'video/mp4'] },
        headers: {
          'content-disposition': 'attachment, with a name that says no more than the day',
        },
      },
    },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'get', path: '/api/v1/records/:id/export', who: EXPORTERS, action: 'export' },
    summary: 'The record as a package that can be verified offline',
    more: 'docs/FORMAT.md, "Export". A package that breaks off is no whole ZIP.',
    answers: { 200: PACKAGE },
    problems: ON_RECORD,
  },
  {
    ...{ method: 'post', path: '/api/v1/access/mandates/:id/export', who: EXPORTERS },
    action: 'export',
    summary: 'Records within a mandate, or all of them, as one package',
    body: ExportIn,
    answers: { 200: PACKAGE },
    problems: { ...ON_RECORD, 404: ['RECORD_UNKNOWN', 'EXPORT_EMPTY'], 422: ['EXPORT_TOO_LARGE'] },
  },
  {
    ...{ method: 'get', path: '/api/v1/vocabulary', who: VIEWERS, action: 'search' },
    summary: 'Values that exist in the archive, for filter menus',
    answers: { 200: { says: 'values', schema: Vocabulary } },
  },
  {
    ...{ method: 'get', path: '/api/v1/saved-filters', who: VIEWERS, action: 'search' },
    summary: 'One’s own saved filters',
    answers: { 200: { says: 'filters, oldest first', schema: SavedFilters } },
  },
  {
    ...{ method: 'post', path: '/api/v1/saved-filters', who: VIEWERS, action: 'search' },
    summary: 'Save a filter',
    body: SavedFilterIn,
    answers: { 201: { says: 'saved', schema: SavedFilter } },
  },
  {
    ...{ method: 'delete', path: '/api/v1/saved-filters/:id', who: 'signed-in' },
    summary: 'Remove one of one’s own filters',
    answers: { 204: { says: 'gone' } },
    problems: { 404: ['FILTER_UNKNOWN'] },
  },
  {
    ...{ method: 'post', path: '/api/v1/records/:id/reclassify', who: ['compliance'] },
    action: 'reclassify',
    summary: 'Give a record another tier, with a reason',
    more: 'A stricter one at once; a less strict one when a second person asks for the same.',
    body: ReclassifyIn,
    answers: { 200: { says: 'whether it is done', schema: Reclassified } },
    problems: {
      404: ['RECORD_UNKNOWN'],
      409: ['RECORD_NOT_READY', 'TIER_UNCHANGED', 'PERSON_UNKNOWN'],
    },
  },
  {
    ...{ method: 'post', path: '/api/v1/records/:id/case', who: ['crisis'] },
    action: 'assign_case',
    summary: 'Hand a case to a crisis handler, or to a team of such',
    body: CaseIn,
    answers: { 204: { says: 'handed over' } },
    problems: {
      404: ['RECORD_UNKNOWN'],
      409: ['RECORD_NOT_READY'],
      422: ['CASE_HANDLER_UNKNOWN'],
    },
  },
  {
    ...{ method: 'get', path: '/api/v1/case-handlers', who: ['crisis'], action: 'assign_case' },
    summary: 'Whom a case can be handed to',
    answers: { 200: { says: 'people and teams', schema: CaseHandlers } },
  },
];
