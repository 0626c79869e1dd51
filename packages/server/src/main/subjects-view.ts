import type { Vault } from '../record/vault.ts';
import {
  type ClosureDeps,
  closeAccount,
  closureOf,
  listClosures,
} from '../retire/closures/index.ts';
import {
  beginCopy,
  endCopy,
  enterRequest,
  extendRequest,
  grantRequest,
  listRequests,
  openRequest,
  refuseRequest,
  type SubjectDeps,
  subjectRecords,
  viewRequest,
  withdrawRequest,
} from '../retire/requests/index.ts';
import type { ClosuresPort, SubjectsPort } from '../serve/ports.ts';
import { subjectMaterial } from './subject-material.ts';

/** What both take, with one queue for both. */
export type SubjectWork = Omit<SubjectDeps, 'queue'> & {
  queue: SubjectDeps['queue'] & ClosureDeps['queue'];
};

/** The closures as the server has them. */
export function closuresView(deps: ClosureDeps): ClosuresPort {
  return {
    tell: (told, actor, requestId) => closeAccount(deps, told, actor, requestId),
    one: (reference) => closureOf(deps, reference),
    list: (query) => listClosures(deps, query),
  };
}

/** The requests as the server has them. */
export function subjectsView(deps: SubjectDeps, vault: Pick<Vault, 'open'>): SubjectsPort {
  return {
    enter: (wanted, officer, requestId) => enterRequest(deps, wanted, officer, requestId),
    list: (query, officer) => listRequests(deps, officer, query),
    one: (id, officer) => viewRequest(deps, officer, id),
    open: (id, officer, requestId) => openRequest(deps, officer, id, requestId),
    records: (id, page, officer) => subjectRecords(deps, officer, id, page),
    grant: (id, officer, requestId) => grantRequest(deps, id, officer, requestId),
    refuse: (id, reason, officer, requestId) => refuseRequest(deps, id, reason, officer, requestId),
    withdraw: (id, reason, officer, requestId) =>
      withdrawRequest(deps, id, reason, officer, requestId),
    extend: (id, wanted, officer, requestId) => extendRequest(deps, id, wanted, officer, requestId),
    beginCopy: (id, officer, requestId) => beginCopy(deps, id, officer, requestId),
    endCopy: (id, officer, requestId) => endCopy(deps, id, officer, requestId),
    material: (recordId, withMedia) => subjectMaterial({ db: deps.db, vault }, recordId, withMedia),
  };
}
