import { useQuery } from '@tanstack/react-query';
import type { DueView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { dueQuery, proposedRunsQuery } from '../api/compliance-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { Figure } from './figure.tsx';
import { OverviewPanel } from './overview-panel.tsx';

const LISTED = 5;
const TO = '/compliance/disposals';

/** What may go, what should have gone, and what waits for somebody. */
export function DuePanel() {
  const { t } = useTranslation();
  const due = useQuery(dueQuery);
  const runs = useQuery(proposedRunsQuery);
  const { data } = due;
  return (
    <OverviewPanel
      title={t('compliance.due.title')}
      to={TO}
      from={[due, runs]}
      testId="overview-due"
    >
      <div className="figures">
        <Figure
          name={t('compliance.due.overdue')}
          hint={t('compliance.due.overdueHint')}
          value={data?.overdue}
          {...{ tone: 'bad', to: TO, testId: 'figure-overdue' }}
        />
        <Figure
          name={t('compliance.due.records')}
          hint={t('compliance.due.recordsHint')}
          value={data?.records}
          {...{ tone: 'soon', to: TO, testId: 'figure-due' }}
        />
        <Figure
          name={t('compliance.due.runs')}
          value={runs.data?.runs.length}
          {...{ tone: 'soon', to: TO, testId: 'figure-runs' }}
        />
        <Figure
          name={t('compliance.due.destructions')}
          hint={t('compliance.due.destructionsHint')}
          value={data?.pendingDestructions}
          {...{ tone: 'soon', to: TO, testId: 'figure-destructions' }}
        />
      </div>
      {data === undefined ? null : <DueCounts due={data} />}
    </OverviewPanel>
  );
}

function DueCounts({ due: { counts, nextLook, asOf } }: { due: DueView }) {
  const { t } = useTranslation();
  const largest = counts.toSorted((a, b) => b.records - a.records);
  const more = largest.length - LISTED;
  return (
    <>
      {counts.length === 0 ? (
        <p className="muted">{t('compliance.due.none', { day: asOf })}</p>
      ) : (
        <table className="plain">
          <caption className="sr-only">{t('compliance.due.byWhy')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('compliance.due.ground')}</th>
              <th scope="col">{t('compliance.due.rule')}</th>
              <th scope="col">{t('search.tier')}</th>
              <th scope="col" className="end">
                {t('compliance.due.count')}
              </th>
            </tr>
          </thead>
          <tbody>
            {largest.slice(0, LISTED).map(({ ground, rule, tier, records }) => (
              <tr key={`${ground} ${rule} ${tier}`}>
                <td>{t(`compliance.ground.${ground}`)}</td>
                <td>
                  <code>{rule}</code>
                </td>
                <td>
                  <TierMark tier={tier} short />
                </td>
                <td className="end num">{records.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="overview-foot muted">
        {more > 0 ? <span>{t('compliance.due.more', { n: more })}</span> : null}
        <span>
          {t('compliance.due.nextLook')}{' '}
          {nextLook === undefined ? t('compliance.due.nextLookNone') : <Moment at={nextLook} />}
        </span>
      </p>
    </>
  );
}
