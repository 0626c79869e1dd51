import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { rulesQuery } from '../api/compliance-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { DayText } from './day-text.tsx';
import { Figure } from './figure.tsx';
import { Mark } from './mark.tsx';
import { OverviewPanel } from './overview-panel.tsx';
import { isOpenQuestion } from './rule-words.ts';
import { WalkProgress } from './walk-progress.tsx';

const LISTED = 4;
const TO = '/compliance/rules';

/** By which rules records are kept, and which of them somebody has to read again. */
export function RulesPanel() {
  const { t } = useTranslation();
  const rules = useQuery(rulesQuery);
  const { data } = rules;
  const reviews = data?.reviewsDue ?? [];
  return (
    <OverviewPanel
      title={t('compliance.rules.title')}
      to={TO}
      from={[rules]}
      testId="overview-rules"
    >
      <div className="figures">
        <Figure
          name={t('compliance.rules.reviewsDue')}
          value={reviews.length}
          {...{ tone: 'soon', to: TO, testId: 'figure-reviews' }}
        />
        <Figure
          name={t('compliance.rules.openQuestions')}
          hint={t('compliance.rules.openQuestionsHint')}
          value={data?.profiles.filter(({ verified }) => isOpenQuestion(verified)).length}
          {...{ tone: 'soon', to: TO, testId: 'figure-unverified' }}
        />
        <Figure
          name={t('compliance.rules.inForce')}
          value={data?.profiles.length}
          {...{ tone: 'plain', to: TO, testId: 'figure-rules' }}
        />
      </div>
      {data === undefined ? null : (
        <>
          <p>
            {t('compliance.rules.version', { n: data.inForce.number })}{' '}
            {t('compliance.rules.since')} <Moment at={data.inForce.inForceAt} />
          </p>
          <WalkProgress view={data} />
        </>
      )}
      {reviews.length === 0 ? null : (
        <ul className="overview-lines">
          {reviews.slice(0, LISTED).map(({ rule, reviewBy }) => (
            <li key={rule}>
              <Link to={TO} className="overview-line-name">
                <code>{rule}</code>
              </Link>
              <Mark tone="bad">
                <DayText day={reviewBy} relative />
              </Mark>
            </li>
          ))}
        </ul>
      )}
    </OverviewPanel>
  );
}
