export { approveRun, rejectRun } from './decide-run.ts';
export type { DisposalSigners, Officer, RunDeps } from './ports.ts';
export { proposeRun } from './propose-run.ts';
export { disposalError } from './run-error.ts';
export { type Steering, steerRun } from './steer-run.ts';
export {
  type ViewDeps,
  viewDisposal,
  viewDue,
  viewItems,
  viewRun,
  viewRuns,
} from './view-runs.ts';
