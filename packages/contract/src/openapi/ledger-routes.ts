import { LedgerPage, LedgerProofView, LedgerQuery, LedgerStateView } from '../ledger.ts';
import type { Route } from './route.ts';

const READERS = { who: ['compliance', 'auditor'], action: 'ledger' } as const;

/** The ledger as its page shows it. */
export const ledgerRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/api/v1/ledger/entries', ...READERS },
    summary: 'Entries of the ledger, newest first',
    query: LedgerQuery,
    answers: { 200: { says: 'entries', schema: LedgerPage } },
  },
  {
    ...{ method: 'get', path: '/api/v1/ledger/state', ...READERS },
    summary: 'Size, newest checkpoint, sites and witnesses',
    answers: { 200: { says: 'the state of the ledger', schema: LedgerStateView } },
  },
  {
    ...{ method: 'get', path: '/api/v1/ledger/entries/:index/proof', ...READERS },
    summary: 'Proof that an entry is in the tree of the newest checkpoint',
    answers: { 200: { says: 'the proof', schema: LedgerProofView } },
    problems: { 404: ['LEDGER_INDEX_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/ledger/checkpoint', ...READERS, keyScope: 'witness' },
    summary: 'The newest checkpoint of the log (C2SP tlog-tiles), with its cosignatures',
    answers: { 200: { says: 'a signed note', bytes: ['text/plain'] } },
    problems: { 404: ['LEDGER_TILE_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/ledger/witnessed', ...READERS, keyScope: 'witness' },
    summary: 'The newest checkpoint that a quorum of witnesses countersigned',
    answers: { 200: { says: 'a signed note', bytes: ['text/plain'] } },
    problems: { 404: ['LEDGER_TILE_UNKNOWN'] },
  },
  {
    ...{ method: 'get', path: '/ledger/tile/:path', ...READERS, keyScope: 'witness' },
    summary: 'A hash tile, `<L>/<N>[.p/<W>]`, or an entry bundle, `entries/<N>[.p/<W>]`',
    more: 'The path has slashes, as C2SP tlog-tiles writes it: `entries/x001/234.p/7`.',
    answers: { 200: { says: 'the bytes', bytes: ['application/octet-stream'] } },
    problems: { 404: ['LEDGER_TILE_UNKNOWN'] },
  },
];
