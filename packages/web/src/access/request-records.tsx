import { Link } from '@tanstack/react-router';
import type { AccessRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { TierMark } from '../theme/tier-mark.tsx';

const TIERS = ['sensitive', 'core', 'basic'] as const;

/** The calls of a request, and first how many of each tier. */
export function RequestRecords({
  request,
  heading: Heading,
}: {
  request: AccessRequestView;
  heading: 'h2' | 'h3';
}) {
  const { t } = useTranslation();
  const session = useSession();
  const { records, recordCount } = request;
  // Whoever decides may know of a call; opening its page is another right.
  const opens = mayDo(session, 'view');
  const more = recordCount - records.length;
  return (
    <section className="request-records">
      <div className="request-records-head">
        <Heading className="request-part">
          {t('access.records', { n: recordCount.toLocaleString('en') })}
        </Heading>
        {more > 0 ? null : (
          <span className="tier-counts">
            {TIERS.map((tier) => [tier, records.filter((one) => one.tier === tier).length] as const)
              .filter(([, count]) => count > 0)
              .map(([tier, count]) => (
                <span key={tier}>
                  <TierMark tier={tier} short /> <span className="num">{count}</span>
                </span>
              ))}
          </span>
        )}
      </div>
      {/* A box that scrolls has to scroll by keyboard too. */}
      <div className="request-table" role="region" aria-label={t('access.recordList')} tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t('search.tier')}</th>
              <th>{t('search.issueType')}</th>
              <th>{t('search.startedAt')}</th>
              <th>{t('search.agent')}</th>
              <th>{t('record.id')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((one) => (
              <tr key={one.id}>
                <td>
                  <TierMark tier={one.tier} short />
                </td>
                <td>{labelOf('issueType', one.issueType)}</td>
                <td>
                  <Moment at={one.startedAt} exact />
                </td>
                <td>{one.agentId}</td>
                <td title={one.id}>
                  {opens ? (
                    <Link to="/records/$id" params={{ id: one.id }} className="num">
                      …{one.id.slice(-8)}
                    </Link>
                  ) : (
                    <span className="num">…{one.id.slice(-8)}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 ? (
        <p className="muted">{t('access.moreRecords', { n: more.toLocaleString('en') })}</p>
      ) : null}
    </section>
  );
}
