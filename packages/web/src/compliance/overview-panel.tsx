import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface Asked {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface PanelParts {
  title: string;
  /** Where all of it is. */
  to: string;
  /** What it is read from: one that fails says so in the panel, and the others stay. */
  from: readonly Asked[];
  testId: string;
  children: ReactNode;
}

/** One matter of the overview; as high while it is read as when it is there. */
export function OverviewPanel({ title, to, from, testId, children }: PanelParts) {
  const { t } = useTranslation();
  const id = useId();
  const failed = from.find(({ isError }) => isError);
  return (
    <section className="card overview-panel" aria-labelledby={id} data-testid={testId}>
      <div className="overview-panel-head">
        <h2 id={id}>{title}</h2>
        <Link to={to}>{t('compliance.overview.all')}</Link>
      </div>
      {failed !== undefined ? (
        <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} />
      ) : from.some(({ isPending }) => isPending) ? (
        <Skeleton active title={false} paragraph={{ rows: 5 }} />
      ) : (
        children
      )}
    </section>
  );
}
