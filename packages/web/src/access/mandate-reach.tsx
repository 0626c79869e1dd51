import { useQuery } from '@tanstack/react-query';
import type { MandateScope, SearchResult } from '@voxkeep/contract';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { problemSentence } from '../shell/problem-words.ts';
import { TierMark } from '../theme/tier-mark.tsx';

const SETTLE_MS = 600;

/** How many calls a scope covers as it is being drawn. Each count is a search on the ledger. */
export function MandateReach({ scope }: { scope: Partial<MandateScope> }) {
  const { t } = useTranslation();
  const text = JSON.stringify(scope);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { from, to, industries, issueTypes } = JSON.parse(settled) as Partial<MandateScope>;
  const reach = useQuery({
    queryKey: ['mandate-reach', settled],
    ...{ enabled: from !== undefined && to !== undefined, staleTime: 60_000 },
    queryFn: ({ signal }) =>
      ask<SearchResult>('/records', {
        query: { from, to, industry: industries, issueType: issueTypes, limit: 1, facets: 'true' },
        signal,
      }),
  });
  return (
    <p className="mandate-reach" role="status" data-testid="mandate-reach">
      {from === undefined ? (
        <span className="muted">{t('access.reachNeedsDays')}</span>
      ) : reach.isError ? (
        problemSentence(reach.error)
      ) : reach.data === undefined || settled !== text ? (
        <span className="muted">{t('access.reachCounting')}</span>
      ) : (
        <>
          <strong className="num">
            {t(reach.data.totalCapped ? 'access.reachCapped' : 'access.reach', {
              n: reach.data.total.toLocaleString('en'),
            })}
          </strong>
          {reach.data.facets?.tier.map(({ value, count }) =>
            value === 'basic' || value === 'core' || value === 'sensitive' ? (
              <span key={value}>
                <TierMark tier={value} short />{' '}
                <span className="num">{count.toLocaleString('en')}</span>
              </span>
            ) : null,
          )}
        </>
      )}
    </p>
  );
}
