import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { askedWaitsQuery } from '../api/compliance-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { DayText } from './day-text.tsx';
import { Mark } from './mark.tsx';

const LISTED = 8;
const NEEDED = 2;

/** Sensitive originals that somebody wants for longer: two approvers decide. All that is of them is here. */
export function WaitsPanel() {
  const { t } = useTranslation();
  const id = useId();
  const asked = useQuery(askedWaitsQuery);
  const waits = asked.data?.waits ?? [];
  const more = waits.length - LISTED;
  return (
    <section className="card overview-panel" aria-labelledby={id} data-testid="overview-waits">
      <div className="overview-panel-head">
        <h2 id={id}>
          {t('compliance.waits.title')} <span className="num">{waits.length}</span>
        </h2>
      </div>
      {asked.isError ? (
        <ProblemPanel error={asked.error} onRetry={() => void asked.refetch()} />
      ) : asked.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : waits.length === 0 ? (
        <p className="muted">{t('compliance.waits.none')}</p>
      ) : (
        <ul className="overview-lines">
          {waits.slice(0, LISTED).map((wait) => (
            <li key={wait.id}>
              <Link
                to="/records/$id"
                params={{ id: wait.recordId }}
                className="overview-line-name num"
                title={wait.recordId}
              >
                …{wait.recordId.slice(-8)}
              </Link>
              <span>
                {t('compliance.waits.until')} <DayText day={wait.until} />
              </span>
              <Mark tone="soon">
                {t('compliance.waits.approved', {
                  n: wait.decisions.filter(({ decision }) => decision === 'approved').length,
                  of: NEEDED,
                })}
              </Mark>
            </li>
          ))}
        </ul>
      )}
      {more > 0 ? <p className="muted">{t('compliance.waits.more', { n: more })}</p> : null}
    </section>
  );
}
