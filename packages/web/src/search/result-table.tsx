import type { SearchHit } from '@voxkeep/contract';
import { Button } from 'antd';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/use-session.ts';
import { ResultRow } from './result-row.tsx';
import { useRowHeight, useWindowing } from './windowing.ts';

interface Table {
  hits: SearchHit[];
  total: number;
  hasMore: boolean;
  loadingMore: boolean;
  stale: boolean;
  active: number;
  onActive: (index: number) => void;
  onOpen: (hit: SearchHit) => void;
  onMore: () => void;
  /** Where calls can be chosen for a request: those that are, and the way to change it. */
  chosen?: ReadonlySet<string>;
  onToggle?: (id: string) => void;
  empty: ReactNode;
}

const COLUMNS = [
  ['c-time', 'startedAt'],
  ['c-tier', 'tier'],
  ['c-issue', 'issueType'],
  ['c-duration', 'durationShort'],
  ['c-phone', 'phone'],
  ['c-agent', 'agent'],
  ['c-findings', 'findings'],
  ['c-snippet', 'snippet'],
] as const;

/** The results as a grid that draws only the rows in sight, however many are loaded. */
export function ResultTable(props: Table) {
  const { hits, hasMore, loadingMore, active, onActive, onOpen, onMore } = props;
  const { chosen, onToggle } = props;
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const body = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const { first, last, atEnd } = useWindowing(body, hits.length, rowHeight);
  const [focusRow, setFocusRow] = useState(false);

  // The chosen row stays in sight; it takes the focus when the keyboard chose it.
  useEffect(() => {
    const box = body.current;
    if (box === null || active < 0) return;
    const top = active * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + rowHeight - box.clientHeight;
    }
  }, [active, rowHeight]);
  useEffect(() => {
    if (!focusRow) return;
    body.current
      ?.querySelector<HTMLElement>(`[data-index="${active}"]`)
      ?.focus({ preventScroll: true });
    setFocusRow(false);
  }, [focusRow, active]);
  useEffect(() => {
    if (atEnd && hasMore && !loadingMore && hits.length > 0) onMore();
  }, [atEnd, hasMore, loadingMore, hits.length, onMore]);

  const onChoose = useCallback(
    (index: number, open: boolean) => {
      onActive(index);
      const hit = hits[index];
      if (open && hit?.canOpen) onOpen(hit);
    },
    [hits, onActive, onOpen],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: hits.length - 1,
    };
    const to = moves[event.key];
    const hit = hits[active];
    if (event.key === 'Enter' && hit?.canOpen) onOpen(hit);
    else if (to === undefined) return;
    else {
      onActive(Math.min(Math.max(to, 0), hits.length - 1));
      setFocusRow(true);
    }
    event.preventDefault();
  };

  return (
    <div
      role="grid"
      className={`results${props.stale ? ' results-stale' : ''}${onToggle ? ' results-choosing' : ''}`}
      aria-label={t('search.results')}
      aria-rowcount={hasMore ? -1 : hits.length + 1}
      aria-busy={props.stale || loadingMore}
      data-testid="search-table"
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div role="row" className="row row-head" aria-rowindex={1}>
          {onToggle === undefined ? null : (
            <span role="columnheader" className="c-choose">
              <span className="sr-only">{t('search.chooseColumn')}</span>
            </span>
          )}
          {COLUMNS.map(([className, name]) => (
            <span role="columnheader" key={name} className={className}>
              {t(`search.${name}`)}
            </span>
          ))}
        </div>
      </div>
      {hits.length === 0 ? (
        props.empty
      ) : (
        <div role="rowgroup" className="results-body" ref={body} tabIndex={-1}>
          <div
            className="results-space"
            role="presentation"
            style={{ blockSize: hits.length * rowHeight }}
          >
            {hits.slice(first, last).map((hit, offset) => (
              <ResultRow
                key={hit.id}
                hit={hit}
                index={first + offset}
                top={(first + offset) * rowHeight}
                active={first + offset === active}
                tabStop={first + offset === Math.max(active, 0)}
                zone={timeZone}
                onChoose={onChoose}
                chosen={chosen?.has(hit.id) ?? false}
                {...(onToggle ? { onToggle } : {})}
              />
            ))}
          </div>
          <div className="results-foot" role="row">
            <span role="gridcell">
              {hasMore ? (
                <Button type="link" loading={loadingMore} onClick={onMore} data-testid="load-more">
                  {loadingMore ? t('search.loadingMore') : t('search.loadMore')}
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
