import { ReloadOutlined } from '@ant-design/icons';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { LedgerEntryView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ledgerQuery } from '../api/ledger-queries.ts';
import { EmptyGrid } from '../grid/empty-grid.tsx';
import { useSession } from '../session/use-session.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CheckpointBar } from './checkpoint-bar.tsx';
import { EntryDrawer } from './entry-drawer.tsx';
import { EntryTable } from './entry-table.tsx';
import { ExportEntries } from './export-entries.tsx';
import type { LedgerFilter } from './ledger-filter.ts';
import { LedgerFilters } from './ledger-filters.tsx';
import './ledger.css';

/** 审计账本: who did what, each line with its proof. */
export function LedgerPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { timeZone } = useSession();
  const filter = useSearch({ from: '/signed-in/ledger' });
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState<LedgerEntryView>();
  const found = useInfiniteQuery({
    ...ledgerQuery(filter, timeZone),
    placeholderData: keepPreviousData,
  });
  const pages = found.data?.pages;
  const entries = useMemo(() => (pages ?? []).flatMap((page) => page.entries), [pages]);
  const people = useMemo(() => peopleOf(entries), [entries]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const refresh = () => {
    setActive(-1);
    void queries.invalidateQueries({ queryKey: ['ledger', 'state'] });
    void queries.resetQueries({ queryKey: ledgerQuery(filter, timeZone).queryKey });
  };
  const apply = (next: LedgerFilter) => {
    setOpen(undefined);
    setActive(-1);
    if (JSON.stringify(next) === JSON.stringify(filter)) refresh();
    else void navigate({ to: '/ledger', search: next });
  };
  useHotkeys({
    j: () => {
      if (active + 1 < entries.length) setActive(active + 1);
      else more();
    },
    k: () => setActive(Math.max(0, active - 1)),
    Enter: () => setOpen(entries[active]),
  });

  return (
    <div className="ledger">
      <div className="ledger-head">
        <h1>{t('ledger.title')}</h1>
        <div className="page-head-end">
          <ExportEntries filter={filter} disabled={entries.length === 0} />
          <Button icon={<ReloadOutlined />} onClick={refresh}>
            {t('jobs.refresh')}
          </Button>
        </div>
      </div>
      <CheckpointBar />
      <LedgerFilters
        filter={filter}
        people={people}
        busy={found.isFetching && !isFetchingNextPage}
        onApply={apply}
      />
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="results entries" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: 14, width: '100%' }} />
        </div>
      ) : (
        <EntryTable
          entries={entries}
          hasMore={hasNextPage}
          loadingMore={isFetchingNextPage}
          stale={found.isPlaceholderData}
          active={active}
          onActive={setActive}
          onOpen={setOpen}
          onMore={more}
          empty={<EmptyGrid testId="ledger-empty" description={t('ledger.empty')} />}
        />
      )}
      <EntryDrawer entry={open} onFilter={apply} onClose={() => setOpen(undefined)} />
    </div>
  );
}

/** Whose names the loaded entries tell, for the filter. */
function peopleOf(entries: LedgerEntryView[]): { id: string; name: string }[] {
  const names = new Map<string, string>();
  for (const { actor } of entries) {
    if (actor.name !== undefined) names.set(actor.id, actor.name);
  }
  return [...names].map(([id, name]) => ({ id, name }));
}
