import type { UseQueryResult } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface Part<T> {
  id: string;
  title: string;
  hint: string;
  none: string;
  found: UseQueryResult<T>;
  /** What there is of it. */
  items: (data: T) => ReactNode[];
  /** What begins something new, for who may. */
  action?: ReactNode;
}

/** One part of the workspace: its list with the states of loading, none and refused. */
export function EngagementPart<T>({ id, title, hint, none, found, items, action }: Part<T>) {
  const shown = found.data === undefined ? [] : items(found.data);
  return (
    <section className="card" aria-labelledby={id} data-testid={id}>
      <div className="card-line">
        <h2 id={id}>{title}</h2>
        <span className="muted">{hint}</span>
        {action}
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      ) : shown.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="engagement-items">{shown}</ul>
      )}
    </section>
  );
}
