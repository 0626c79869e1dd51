import { BarChartOutlined } from '@ant-design/icons';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SearchHit } from '@voxkeep/contract';
import { Button, Drawer, type InputRef, Skeleton } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { searchQuery, vocabularyQuery } from '../api/queries.ts';
import { EmptyGrid } from '../grid/empty-grid.tsx';
import { RoleHome } from '../home/role-home.tsx';
import { labelOf } from '../i18n/label-of.ts';
import { mayDo, mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { learnAgentNames } from './agent-names.ts';
import { ChoiceBar } from './choice-bar.tsx';
import { FacetBar } from './facet-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { type Filters, hasFilters } from './filters.ts';
import { rememberedActive, rememberResultList } from './result-list.ts';
import { ResultTable } from './result-table.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { useChoice } from './use-choice.ts';
import './search.css';

export function SearchPage() {
  const session = useSession();
  if (mayOpen(session, 'search')) return <Search />;
  return <RoleHome />;
}

function Search() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const filters = useSearch({ from: '/signed-in/' });
  const textRef = useRef<InputRef>(null);
  const [drawer, setDrawer] = useState(false);
  const [active, setActive] = useState(-1);
  const vocabulary = useQuery(vocabularyQuery);
  const search = useInfiniteQuery({
    ...searchQuery(filters),
    placeholderData: keepPreviousData,
  });
  const pages = search.data?.pages;
  const hits = useMemo(() => (pages ?? []).flatMap((page) => page.hits), [pages]);
  const first = pages?.[0];
  const names = learnAgentNames(hits);

  // Back from a record: the same line is chosen again.
  const settled = !search.isPlaceholderData && search.isSuccess;
  const filtersKey = JSON.stringify(filters);
  useEffect(() => {
    if (settled) setActive(hits.findIndex((hit) => hit.id === rememberedActive()));
  }, [settled, filtersKey]);
  useEffect(() => rememberResultList(filters, hits[active]?.id), [filters, hits, active]);

  const open = useCallback(
    (hit: SearchHit) => {
      rememberResultList(filters, hit.id);
      void navigate({ to: '/records/$id', params: { id: hit.id } });
    },
    [filters, navigate],
  );
  const apply = (next: Filters) => {
    if (JSON.stringify(next) === filtersKey) void search.refetch();
    else void navigate({ to: '/', search: next });
  };
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = search;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const session = useSession();
  const [asks, holds] = [mayOpen(session, 'mine'), mayDo(session, 'hold')];
  const chooses = asks || holds;
  const { chosen, toggle, clear } = useChoice(filtersKey);

  useHotkeys({
    x: () => {
      const hit = hits[active];
      if (chooses && hit !== undefined) toggle(hit.id);
    },
    '/': () => textRef.current?.focus({ cursor: 'all' }),
    j: () => {
      if (active + 1 < hits.length) setActive(active + 1);
      else more();
    },
    k: () => setActive(Math.max(0, active - 1)),
    Enter: () => {
      const hit = hits[active];
      if (hit?.canOpen) open(hit);
    },
  });

  const facets = (
    <FacetBar facets={first?.facets} filters={filters} names={names} onChange={apply} />
  );

  return (
    <div className="search">
      <h1 className="sr-only">{t('search.title')}</h1>
      <FilterBar
        filters={filters}
        vocabulary={vocabulary.data}
        names={names}
        searching={search.isFetching && !isFetchingNextPage}
        textRef={textRef}
        onSearch={apply}
        saved={<SavedFilters filters={filters} onPick={apply} />}
      />
      <aside className="facets" aria-label={t('search.facets')}>
        {facets}
      </aside>
      <section className="found">
        <div className="found-head">
          <Button
            className="facets-open"
            size="small"
            icon={<BarChartOutlined />}
            onClick={() => setDrawer(true)}
          >
            {t('search.showFacets')}
          </Button>
          <div role="status" className="found-count">
            {first === undefined ? (
              t('search.searching')
            ) : (
              <>
                <strong className="num" data-testid="total">
                  {t(first.totalCapped ? 'search.totalCapped' : 'search.total', {
                    n: first.total.toLocaleString('en'),
                  })}
                </strong>
                <span className="num" data-testid="took">
                  {t('search.took', { ms: Math.round(first.took * 10) / 10 })}
                </span>
              </>
            )}
          </div>
          {first === undefined || !chooses ? null : (
            <ChoiceBar
              asks={asks}
              holds={holds}
              chosen={chosen}
              filters={filters}
              total={first.total}
              capped={first.totalCapped}
              onClear={clear}
            />
          )}
          {first === undefined ? null : (
            <span className="found-scope" title={first.scope}>
              {t('search.scope', { scope: labelOf('scope', first.scope) })}
            </span>
          )}
        </div>
        {search.isError ? (
          <ProblemPanel error={search.error} onRetry={() => void search.refetch()} />
        ) : null}
        {search.isPending ? (
          <div className="results" aria-busy="true">
            <Skeleton active title={false} paragraph={{ rows: 16, width: '100%' }} />
          </div>
        ) : search.data === undefined ? null : (
          <ResultTable
            hits={hits}
            hasMore={hasNextPage}
            loadingMore={isFetchingNextPage}
            stale={search.isPlaceholderData}
            active={active}
            {...(chooses ? { chosen, onToggle: toggle } : {})}
            onActive={setActive}
            onOpen={open}
            onMore={more}
            empty={<NothingFound filtered={hasFilters(filters)} />}
          />
        )}
      </section>
      <Drawer
        title={t('search.facets')}
        placement="left"
        size={280}
        open={drawer}
        onClose={() => setDrawer(false)}
      >
        <div className="facets-drawn">{facets}</div>
      </Drawer>
    </div>
  );
}

function NothingFound({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation();
  return (
    <EmptyGrid
      testId="search-empty"
      description={
        <>
          <p>
            <strong>{t(filtered ? 'search.emptyTitle' : 'search.emptyNoFilter')}</strong>
          </p>
          <p>{t(filtered ? 'search.emptyText' : 'search.emptyNoFilterText')}</p>
        </>
      }
    />
  );
}
