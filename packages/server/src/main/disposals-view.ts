import { printPaper } from '../platform/pdf/print-paper.ts';
import {
  type CertificateDeps,
  certificateOf,
  certificateOfRun,
  certificatePdf,
} from '../retire/disposal/certificate/index.ts';
import {
  approveRun,
  disposalError,
  proposeRun,
  type RunDeps,
  rejectRun,
  steerRun,
  type ViewDeps,
  viewDisposal,
  viewDue,
  viewItems,
  viewRun,
  viewRuns,
} from '../retire/disposal/index.ts';
import type { DisposalsPort } from '../serve/ports.ts';
import type { Disposer } from './start-disposer.ts';

/** Disposals as the doors have them; what was let go is worked at once. */
export function createDisposals(
  deps: RunDeps & CertificateDeps & { texts: ViewDeps['texts'] },
  disposer: Pick<Disposer, 'wake' | 'nextLook'>,
): DisposalsPort {
  const { db } = deps;
  const views = { ...deps, nextLook: disposer.nextLook };
  return {
    due: () => viewDue(views),
    async propose(officer, recordIds, requestId) {
      const chosen = recordIds === undefined ? {} : { recordIds };
      const id = await proposeRun(deps, { officer, requestId, ...chosen });
      if (id === undefined) throw disposalError('DISPOSAL_NOTHING_DUE', 'no record may go today');
      disposer.wake();
      return viewRun(views, officer, id);
    },
    runs: (officer, wanted) => viewRuns(views, officer, wanted),
    run: (officer, id) => viewRun(views, officer, id),
    items: (id, query) => viewItems(views, id, query),
    async statement(id) {
      const row = await db
        .selectFrom('disposal_run')
        .select(['canonical', 'state'])
        .where('id', '=', id)
        .executeTakeFirst();
      if (row === undefined) throw disposalError('DISPOSAL_RUN_UNKNOWN', `no run ${id}`, 'id');
      if (row.canonical !== null && row.state === 'proposed') return row.canonical;
      throw disposalError('DISPOSAL_RUN_STATE', `the run is ${row.state}`);
    },
    async approve(officer, signed, requestId) {
      await approveRun(deps, officer, signed, requestId);
      disposer.wake();
    },
    reject: (officer, rejected, requestId) => rejectRun(deps, officer, rejected, requestId),
    async steer(officer, steered, requestId) {
      await steerRun(deps, officer, steered, requestId);
      disposer.wake();
    },
    disposal: (recordId) => viewDisposal(views, recordId),
    certificate: (recordId, asking) => certificateOf(deps, recordId, asking),
    async certificatePdf(recordId, asking) {
      const { text } = await certificateOf(deps, recordId, asking);
      return certificatePdf(printPaper, text, deps.log().verifierKey);
    },
    runCertificate: (id, after, asking) => certificateOfRun(deps, id, after, asking),
  };
}
