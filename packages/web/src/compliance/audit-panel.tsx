import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { auditsQuery } from '../api/audit-queries.ts';
import { AuditOutcome } from '../audits/audit-outcome.tsx';
import { Moment } from '../shell/moment.tsx';
import { Figure } from './figure.tsx';
import { OverviewPanel } from './overview-panel.tsx';

/** How the last audit ended, what of it is open, and when the next one comes. */
export function AuditPanel() {
  const { t } = useTranslation();
  const audits = useQuery(auditsQuery);
  const runs = audits.data?.runs ?? [];
  const next = audits.data?.next;
  const last = runs.find(({ outcome }) => outcome !== undefined);
  const running = runs.find(({ outcome }) => outcome === undefined);
  const to = last === undefined ? '/audits' : `/audits/${last.id}`;
  return (
    <OverviewPanel
      title={t('compliance.audit.title')}
      to="/audits"
      from={[audits]}
      testId="overview-audit"
    >
      {last === undefined ? (
        <p className="muted">{t('audits.empty')}</p>
      ) : (
        <>
          <p>
            <Link to="/audits/$id" params={{ id: last.id }}>
              {t('compliance.audit.last')} <Moment at={last.asOf} />
            </Link>{' '}
            <AuditOutcome outcome={last.outcome} />
          </p>
          <div className="figures">
            <Figure
              name={t('audits.open')}
              value={last.figures?.open}
              {...{ tone: 'bad', to, testId: 'figure-audit-open' }}
            />
            <Figure
              name={t('audits.notRun')}
              value={last.figures?.notRun}
              {...{ tone: 'bad', to, testId: 'figure-audit-not-run' }}
            />
            <Figure
              name={t('audits.accepted')}
              value={last.figures?.accepted}
              {...{ tone: 'plain', to, testId: 'figure-audit-accepted' }}
            />
          </div>
        </>
      )}
      <p className="overview-foot muted">
        {running === undefined ? null : (
          <span>
            {t('audits.running')} {t('audits.progress', running.progress)}
          </span>
        )}
        <span>
          {t('audits.next')}{' '}
          {next === undefined ? t('audits.nextNone') : <Moment at={next} exact />}
        </span>
      </p>
    </OverviewPanel>
  );
}
