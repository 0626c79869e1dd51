export { extendRequest, grantRequest, refuseRequest, withdrawRequest } from './decide-request.ts';
export { enterRequest, type Officer } from './enter-request.ts';
export type { CorrectedField, SubjectDeps } from './ports.ts';
export type { SubjectErrorCode } from './subject-error.ts';
export { subjectRecords } from './subject-records.ts';
export { beginCopy, type CopyOrder, endCopy } from './take-copy.ts';
export { tellDeadlines } from './tell-deadlines.ts';
export { listRequests, openRequest, type RequestFilter, viewRequest } from './view-requests.ts';
export { unwalkedRequests, walkRequest } from './walk-request.ts';
