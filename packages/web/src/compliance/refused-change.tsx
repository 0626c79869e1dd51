import { ApiProblem } from '../api/client.ts';
import { remedyFor } from '../i18n/label-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Why a change was not made, and what to do about it. */
export function RefusedChange({ error }: { error: unknown }) {
  const remedy = error instanceof ApiProblem ? remedyFor(error.problem.code) : undefined;
  return <ProblemPanel error={error}>{remedy === undefined ? null : <p>{remedy}</p>}</ProblemPanel>;
}
