import type { EngagementView } from '@voxkeep/contract';
import { Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PartyName } from '../retire/party-name.tsx';
import { Moment } from '../shell/moment.tsx';
import { EngagementTerms } from './engagement-terms.tsx';

type Party = EngagementView['openedBy'];

/** What was agreed on, by whom and when, and whose accounts it is for. */
export function EngagementFacts({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const { id, auditors, closingReason } = engagement;
  const { openedBy, openedAt, confirmedBy, confirmedAt, closedBy, closedAt } = engagement;
  return (
    <div className="hold-columns">
      <section className="card" aria-labelledby="engagement-terms">
        <h2 id="engagement-terms">{t('engagements.terms')}</h2>
        <EngagementTerms engagement={engagement} />
      </section>
      <section className="card" aria-labelledby="engagement-steps">
        <h2 id="engagement-steps">{t('engagements.steps')}</h2>
        <dl className="pairs">
          <Step name={t('engagements.openedBy')} party={openedBy} at={openedAt} />
          <Step name={t('engagements.confirmedBy')} party={confirmedBy} at={confirmedAt} />
          <Step name={t('engagements.closedBy')} party={closedBy} at={closedAt}>
            {closingReason === undefined ? null : (
              <p className="engagement-words">{closingReason}</p>
            )}
          </Step>
          <dt>{t('engagements.auditors')}</dt>
          <dd>
            {auditors.length === 0 ? (
              <span className="muted">{t('engagements.auditorsNone')}</span>
            ) : (
              <ul>
                {auditors.map((one) => (
                  <li key={one.id}>
                    <PartyName party={one} />
                  </li>
                ))}
              </ul>
            )}
          </dd>
          <dt>{t('engagements.number')}</dt>
          <dd>
            <Typography.Text
              code
              copyable={{ text: id, tooltips: [t('shell.copy'), t('shell.copied')] }}
            >
              {id}
            </Typography.Text>
          </dd>
        </dl>
      </section>
    </div>
  );
}

function Step({
  name,
  party,
  at,
  children,
}: {
  name: string;
  party: Party | undefined;
  at: string | undefined;
  children?: ReactNode;
}) {
  if (party === undefined || at === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <PartyName party={party} /> <Moment at={at} exact />
        {children}
      </dd>
    </>
  );
}
