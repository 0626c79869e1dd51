import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SubjectRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { openRequestsQuery } from '../api/compliance-queries.ts';
import { DayText } from './day-text.tsx';
import { Figure } from './figure.tsx';
import { Mark, type Tone } from './mark.tsx';
import { OverviewPanel } from './overview-panel.tsx';

const LISTED = 4;
const SOON_DAYS = 3;
/** Not one of this room's pages. */
const TO: string = '/compliance/requests';

/** What persons asked for, the nearest deadline first. */
export function RequestsPanel() {
  const { t } = useTranslation();
  const requests = useQuery(openRequestsQuery);
  const counts = requests.data?.counts;
  const nearest = requests.data?.requests.slice(0, LISTED) ?? [];
  return (
    <OverviewPanel
      title={t('compliance.persons.title')}
      to={TO}
      from={[requests]}
      testId="overview-requests"
    >
      <div className="figures">
        <Figure
          name={t('compliance.persons.overdue')}
          value={counts?.overdue}
          {...{ tone: 'bad', to: TO, testId: 'figure-requests-overdue' }}
        />
        <Figure
          name={t('compliance.persons.dueSoon')}
          value={counts?.dueSoon}
          {...{ tone: 'soon', to: TO, testId: 'figure-requests-soon' }}
        />
        <Figure
          name={t('compliance.persons.open')}
          value={counts?.open}
          {...{ tone: 'plain', to: TO, testId: 'figure-requests' }}
        />
      </div>
      {nearest.length === 0 ? (
        <p className="muted">{t('compliance.persons.none')}</p>
      ) : (
        <ul className="overview-lines">
          {nearest.map((request) => (
            <li key={request.id}>
              <Link to={TO} className="overview-line-name">
                {t(`compliance.persons.kind.${request.kind}`)}{' '}
                <span className="num">{request.phoneMasked ?? request.accountMasked}</span>
              </Link>
              <Mark tone={toneOf(request)}>
                <DayText day={request.answerBy} relative />
              </Mark>
            </li>
          ))}
        </ul>
      )}
    </OverviewPanel>
  );
}

function toneOf({ overdue, daysLeft = SOON_DAYS + 1 }: SubjectRequestView): Tone {
  if (overdue) return 'bad';
  return daysLeft <= SOON_DAYS ? 'soon' : 'plain';
}
