import { PlusOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ACCESS, grantsQuery, requestsQuery } from '../api/access-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { GrantCard } from './grant-card.tsx';
import { NoRequests, RequestList } from './request-list.tsx';
import './access.css';

/** 监管调取令: those in force for the viewer, and those that were asked for. */
export function MandatesPage() {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const box = mayOpen(session, 'requests') ? 'all' : 'mine';
  const grants = useQuery(grantsQuery);
  const found = useInfiniteQuery(requestsQuery(box, { kind: 'mandate' }));
  const held = (grants.data?.grants ?? []).filter(({ kind }) => kind === 'mandate');
  return (
    <div className="page mine">
      <div className="page-head">
        <h1>{t('access.mandates')}</h1>
        <p className="muted">{t('access.mandatesLead')}</p>
        <div className="page-head-end">
          {mayOpen(session, 'mandates') ? (
            <Link to="/access/mandates/new" className="ant-btn-like" data-testid="new-mandate">
              <PlusOutlined aria-hidden="true" /> {t('access.newMandate')}
            </Link>
          ) : null}
        </div>
      </div>
      {grants.isError ? (
        <ProblemPanel error={grants.error} onRetry={() => void grants.refetch()} />
      ) : null}
      {held.length === 0 ? null : (
        <section aria-labelledby="held-mandates">
          <h2 id="held-mandates">{t('access.heldMandates')}</h2>
          <ul className="grants">
            {held.map((grant) => (
              <GrantCard
                key={grant.id}
                grant={grant}
                aheadMs={grants.data?.aheadMs ?? 0}
                onEnd={() => void queries.invalidateQueries({ queryKey: ACCESS })}
              />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="asked-mandates">
        <h2 id="asked-mandates">{t('access.askedMandates')}</h2>
        <RequestList
          found={found}
          empty={
            <NoRequests title={t('access.mandatesEmpty')} text={t('access.mandatesEmptyText')} />
          }
          skeletonRows={6}
          testId="mandate-list"
        />
      </section>
    </div>
  );
}
