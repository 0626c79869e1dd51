import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import type { SearchHit } from '@voxkeep/contract';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { recordQuery, searchQuery } from '../api/queries.ts';
import { queryClient } from '../app/query-client.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { labelOf } from '../i18n/label-of.ts';
import { FilterWords } from '../search/filter-words.tsx';
import type { Filters } from '../search/filters.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { MOST_RECORDS } from './ask-search.ts';

const FEW = 20;

/** The calls that were named, with what this browser knows of them already. */
export function NamedRecords({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const known = knownHits();
  // Pages that were open; nothing is fetched for this list, as each look is on the ledger.
  const views = useQueries({ queries: ids.map((id) => ({ ...recordQuery(id), enabled: false })) });
  const lines = ids.map((id, at) => {
    const hit = known.get(id);
    const view = views[at]?.data;
    if (hit !== undefined) return { ...hit, agent: hit.agentName ?? hit.agentId };
    return view === undefined ? { id } : { ...view, agent: view.agent.name ?? view.agent.id };
  });
  return (
    <>
      <p>
        <strong data-testid="asked-count">{callsOf(t, ids.length)}</strong>
      </p>
      <ul className="asked-records">
        {lines.slice(0, FEW).map((line) => (
          <li key={line.id}>
            {'tier' in line ? (
              <>
                <TierMark tier={line.tier} short />
                <span>{labelOf('issueType', line.issueType)}</span>
                <Moment at={line.startedAt} exact />
                <span className="muted">{line.agent}</span>
              </>
            ) : (
              <span className="asked-unknown">
                <code>{line.id}</code>
              </span>
            )}
          </li>
        ))}
      </ul>
      {ids.length > FEW ? (
        <p className="muted">{t('access.moreRecords', { n: ids.length - FEW })}</p>
      ) : null}
    </>
  );
}

/** All that a search finds: its conditions and how many calls that are now. */
export function SearchedRecords({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const search = useInfiniteQuery(searchQuery(filters));
  if (search.isError) {
    return <ProblemPanel error={search.error} onRetry={() => void search.refetch()} />;
  }
  const first = search.data?.pages[0];
  if (first === undefined) return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  const tooMany = first.totalCapped || first.total > MOST_RECORDS;
  return (
    <>
      <p>
        <strong data-testid="asked-count">
          {first.totalCapped
            ? t('search.totalCapped', { n: first.total.toLocaleString('en') })
            : callsOf(t, first.total)}
        </strong>
      </p>
      <FilterWords filters={filters} />
      <p className="muted">{t('access.frozen')}</p>
      {tooMany ? (
        <Alert type="error" showIcon title={t('code.REQUEST_TOO_LARGE')} />
      ) : first.total === 0 ? (
        <Alert type="error" showIcon title={t('code.REQUEST_EMPTY')} />
      ) : null}
    </>
  );
}

/** How many calls a search found when it was last looked at here. */
export function countOf(filters: Filters): number | undefined {
  const first = queryClient.getQueryData(searchQuery(filters).queryKey)?.pages[0];
  return first === undefined ? undefined : first.totalCapped ? MOST_RECORDS + 1 : first.total;
}

function knownHits(): Map<string, SearchHit> {
  const hits = new Map<string, SearchHit>();
  const searches = queryClient.getQueriesData<{ pages: { hits: SearchHit[] }[] }>({
    queryKey: ['search'],
  });
  for (const [, data] of searches) {
    for (const hit of data?.pages.flatMap((page) => page.hits) ?? []) hits.set(hit.id, hit);
  }
  return hits;
}
