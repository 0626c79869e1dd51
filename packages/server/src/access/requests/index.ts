export { askForMandate, askForRecords, partyOf } from './ask.ts';
export { MOST_RECORDS } from './asked-records.ts';
export { approve, reject, revoke, signOwn, withdraw } from './decide-request.ts';
export type { RequestDeps } from './ports.ts';
export { reconcileRequests } from './reconcile.ts';
export { REQUEST_STATUS, requestError } from './request-error.ts';
export type { RequestRow } from './request-row.ts';
export { review, reviewStatement } from './review.ts';
export { countWaiting, listRequests, viewRequests } from './view-requests.ts';
