import type { Problem } from '@voxkeep/contract';
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { labelOf } from '../i18n/label-of.ts';
import { fieldProblems, problemSentence } from './problem-words.ts';

/** What went wrong: for a refusal also which rule says so and whom to ask. */
export function ProblemPanel({
  error,
  onRetry,
  children,
}: {
  error: unknown;
  onRetry?: () => void;
  /** A way on from here. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const problem = error instanceof ApiProblem ? error.problem : undefined;
  const refused = problem?.status === 403;
  return (
    <Alert
      className="problem"
      role="alert"
      showIcon
      type={refused ? 'warning' : 'error'}
      data-testid={refused ? 'refusal' : 'problem'}
      title={titleOf(problem)}
      description={
        <>
          <p>{problemSentence(error)}</p>
          {problem === undefined ? null : <Particulars problem={problem} />}
          {children}
        </>
      }
      action={
        onRetry === undefined || refused ? undefined : (
          <Button size="small" onClick={onRetry}>
            {t('shell.retry')}
          </Button>
        )
      }
    />
  );

  function titleOf(of: Problem | undefined): string {
    if (of?.status === 403) return t('problem.refusedTitle');
    if (of?.status === 404) return t('problem.notFoundTitle');
    return t('problem.title');
  }
}

function Particulars({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const lines: [string, string][] = [];
  if (problem.rule !== undefined) lines.push([t('problem.rule'), problem.rule]);
  if (problem.askWhom !== undefined) {
    lines.push([t('problem.askWhom'), labelOf('role', problem.askWhom)]);
  }
  for (const { name, text } of fieldProblems(problem)) lines.push([name, text]);
  if (problem.requestId !== '') lines.push([t('problem.requestId'), problem.requestId]);
  return (
    <dl className="particulars">
      {lines.map(([name, value]) => (
        <div key={name + value}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A page that failed while it was being drawn. */
export function ProblemPage({ error }: { error: unknown }) {
  return (
    <main className="lonely">
      <ProblemPanel error={error} onRetry={() => window.location.reload()} />
    </main>
  );
}
