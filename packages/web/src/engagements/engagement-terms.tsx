import type { EngagementView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { TierMark } from '../theme/tier-mark.tsx';
import { useCheckTitles } from './check-titles.ts';

/** The whole text that two officers agree on, and the commitment by which both name it. */
export function EngagementTerms({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const { firm, purpose, calls, checks, from, until, commitment } = engagement;
  const titleOf = useCheckTitles(checks.length > 0);
  return (
    <dl className="pairs" data-testid="engagement-terms">
      <dt>{t('engagements.firm')}</dt>
      <dd>{firm}</dd>
      <dt>{t('engagements.purpose')}</dt>
      <dd className="engagement-words">{purpose}</dd>
      <dt>{t('engagements.calls')}</dt>
      <dd className="engagement-tiers">
        <span className="num">{t('engagements.span', calls)}</span>
        {calls.tiers.map((tier) => (
          <TierMark key={tier} tier={tier} />
        ))}
      </dd>
      <dt>{t('engagements.checks')}</dt>
      <dd>
        {checks.length === 0 ? (
          t('engagements.checksAll')
        ) : (
          <ul>
            {checks.map((check) => (
              <li key={check} title={check}>
                {titleOf(check)}
              </li>
            ))}
          </ul>
        )}
      </dd>
      <dt>{t('engagements.days')}</dt>
      <dd className="num">{t('engagements.span', { from, to: until })}</dd>
      <dt>{t('engagements.commitment')}</dt>
      <dd>
        <code>{commitment}</code>
      </dd>
    </dl>
  );
}
