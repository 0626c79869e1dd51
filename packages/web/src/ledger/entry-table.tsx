import type { LedgerEntryView } from '@voxkeep/contract';
import { Button } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useWindowing } from '../search/windowing.ts';
import { EntryRow } from './entry-row.tsx';

/** As in ledger.css. */
const ROW_PX = 36;

interface Table {
  entries: LedgerEntryView[];
  hasMore: boolean;
  loadingMore: boolean;
  stale: boolean;
  active: number;
  onActive: (at: number) => void;
  onOpen: (entry: LedgerEntryView) => void;
  onMore: () => void;
  empty: ReactNode;
}

const COLUMNS = ['index', 'time', 'actor', 'action', 'resource', 'outcome'] as const;

/** Entries as a grid that draws only what is in sight, however many are loaded. */
export function EntryTable(props: Table) {
  const { entries, hasMore, loadingMore, active, onActive, onOpen, onMore } = props;
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const { first, last, atEnd } = useWindowing(body, entries.length, ROW_PX);
  const byKey = useRef(false);

  useEffect(() => {
    const box = body.current;
    if (box === null || active < 0) return;
    const top = active * ROW_PX;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW_PX > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + ROW_PX - box.clientHeight;
    }
    if (!byKey.current) return;
    byKey.current = false;
    box.querySelector<HTMLElement>(`[data-at="${String(active)}"]`)?.focus({ preventScroll: true });
  }, [active]);
  useEffect(() => {
    if (atEnd && hasMore && !loadingMore) onMore();
  }, [atEnd, hasMore, loadingMore, onMore]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const moves: Record<string, number> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: entries.length - 1 },
      ...{ PageDown: active + page, PageUp: active - page },
    };
    const to = moves[event.key];
    const entry = entries[active];
    if (event.key === 'Enter' && entry !== undefined) onOpen(entry);
    else if (to === undefined) return;
    else {
      byKey.current = true;
      onActive(Math.min(Math.max(to, 0), entries.length - 1));
    }
    event.preventDefault();
  };

  return (
    <div
      role="grid"
      className={`results entries${props.stale ? ' results-stale' : ''}`}
      aria-label={t('ledger.entries')}
      aria-rowcount={hasMore ? -1 : entries.length + 1}
      aria-busy={props.stale || loadingMore}
      data-testid="ledger-table"
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div role="row" className="entry entry-head" aria-rowindex={1}>
          {COLUMNS.map((name) => (
            <span role="columnheader" key={name} className={`e-${name}`}>
              {t(`ledger.${name}`)}
            </span>
          ))}
        </div>
      </div>
      {entries.length === 0 ? (
        props.empty
      ) : (
        <div role="rowgroup" className="results-body" ref={body} tabIndex={-1}>
          <div
            className="results-space"
            role="presentation"
            style={{ blockSize: entries.length * ROW_PX }}
          >
            {entries.slice(first, last).map((entry, offset) => (
              <EntryRow
                key={entry.index}
                entry={entry}
                at={first + offset}
                top={(first + offset) * ROW_PX}
                active={first + offset === active}
                tabStop={first + offset === Math.max(active, 0)}
                onActive={onActive}
                onOpen={onOpen}
              />
            ))}
          </div>
          <div className="results-foot" role="row">
            <span role="gridcell">
              {hasMore ? (
                <Button type="link" loading={loadingMore} onClick={onMore} data-testid="load-more">
                  {t(loadingMore ? 'search.loadingMore' : 'search.loadMore')}
                </Button>
              ) : (
                <span className="muted">{t('search.endOfList')}</span>
              )}
            </span>
          </div>
        </div>
      )}
    </div>
  );
}
