import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DisposalRunState, DisposalRunView } from '@voxkeep/contract';
import { Progress, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { runsQuery } from '../api/disposal-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RunStateMark } from './disposal-marks.tsx';
import { PartyName } from './party-name.tsx';
import { RUN_STATES } from './run-filter.ts';
import { ScrollBox } from './scroll-box.tsx';

/** Every list, newest first; each opens to its records and to who decided. */
export function RunList({
  state,
  onState,
}: {
  state: DisposalRunState | undefined;
  onState: (state: DisposalRunState | undefined) => void;
}) {
  const { t } = useTranslation();
  const found = useInfiniteQuery(runsQuery(state));
  const runs = found.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <section className="card" aria-labelledby="runs">
      <div className="retire-row">
        <h2 id="runs">{t('disposals.runs')}</h2>
        <Select
          allowClear
          className="run-filter retire-row-end"
          aria-label={t('disposals.byState')}
          placeholder={t('disposals.allStates')}
          value={state ?? null}
          options={RUN_STATES.map((value) => ({ value, label: t(`disposals.state.${value}`) }))}
          onChange={(value: DisposalRunState | undefined) => onState(value)}
        />
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 5 }} />
      ) : runs.length === 0 ? (
        <p className="muted" data-testid="runs-none">
          {t(state === undefined ? 'disposals.runsEmpty' : 'disposals.runsNone')}
        </p>
      ) : (
        <Runs runs={runs} />
      )}
      <MoreButton found={found} label={t('search.loadMore')} />
    </section>
  );
}

function Runs({ runs }: { runs: readonly DisposalRunView[] }) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t('disposals.runs')}>
      <table className="plain" data-testid="runs">
        <thead>
          <tr>
            <th scope="col">{t('disposals.proposedAt')}</th>
            <th scope="col">{t('disposals.stateTitle')}</th>
            <th scope="col">{t('disposals.kindTitle')}</th>
            <th scope="col" className="end">
              {t('disposals.records')}
            </th>
            <th scope="col">{t('disposals.progressTitle')}</th>
            <th scope="col">{t('disposals.proposedBy')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} data-testid="run">
              <th scope="row">
                <Link to="/compliance/disposals/$id" params={{ id: run.id }}>
                  <Moment at={run.proposedAt} />
                </Link>
              </th>
              <td>
                <RunStateMark state={run.state} />
              </td>
              <td>{t(`disposals.kind.${run.kind}`)}</td>
              <td className="end num">{run.records.toLocaleString('en')}</td>
              <td>
                <RunProgress run={run} />
              </td>
              <td>
                <PartyName party={run.proposedBy} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** How many of its records were seen to, whether they went or were kept. */
export function RunProgress({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  const done = run.disposed + run.deferred;
  const percent = Math.floor((done / Math.max(1, run.records)) * 100);
  const said = t('disposals.progress', {
    ...{ done: done.toLocaleString('en'), of: run.records.toLocaleString('en') },
  });
  return (
    <span className="run-progress" title={said}>
      <Progress percent={percent} size="small" aria-label={said} />
    </span>
  );
}
