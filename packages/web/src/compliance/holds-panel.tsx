import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dueQuery, holdsQuery } from '../api/compliance-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { Figure } from './figure.tsx';
import { Mark } from './mark.tsx';
import { OverviewPanel } from './overview-panel.tsx';

const LISTED = 4;
const TO = '/compliance/holds';

/** What is kept whatever the rules say, and what is stored and nothing else. */
export function HoldsPanel() {
  const { t } = useTranslation();
  const session = useSession();
  const due = useQuery(dueQuery);
  const holds = useInfiniteQuery(holdsQuery('living'));
  const [first] = holds.data?.pages ?? [];
  const newest = first?.holds.slice(0, LISTED) ?? [];
  return (
    <OverviewPanel
      title={t('compliance.kept.title')}
      to={TO}
      from={[due, holds]}
      testId="overview-holds"
    >
      <div className="figures">
        <Figure
          name={t('compliance.kept.holds')}
          value={first?.living}
          {...{ tone: 'plain', to: TO, testId: 'figure-holds' }}
        />
        <Figure
          name={t('compliance.kept.held')}
          hint={t('compliance.kept.heldHint')}
          value={due.data?.held}
          {...{ tone: 'plain', to: TO, testId: 'figure-held' }}
        />
        {mayOpen(session, 'manageRetention') ? (
          <Figure
            name={t('compliance.kept.restricted')}
            hint={t('compliance.kept.restrictedHint')}
            value={due.data?.restricted}
            {...{ tone: 'plain', to: '/compliance/requests', testId: 'figure-restricted' }}
          />
        ) : null}
      </div>
      {newest.length === 0 ? (
        <p className="muted">{t('compliance.kept.none')}</p>
      ) : (
        <ul className="overview-lines">
          {newest.map(({ id, matter, placedAt, walking, custodians, acknowledged }) => (
            <li key={id}>
              <Link to="/compliance/holds/$id" params={{ id }} className="overview-line-name">
                {matter}
              </Link>
              {walking ? <Mark tone="soon">{t('compliance.holds.walking')}</Mark> : null}
              {acknowledged < custodians ? (
                <Mark tone="soon">
                  {t('compliance.holds.acknowledged', { n: acknowledged, of: custodians })}
                </Mark>
              ) : null}
              <Moment at={placedAt} />
            </li>
          ))}
        </ul>
      )}
    </OverviewPanel>
  );
}
