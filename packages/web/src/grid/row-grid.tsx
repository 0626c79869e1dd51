import { Button } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWindowing } from './windowing.ts';
import './row-grid.css';

/** Where a row stands; `index` is also its `data-index`, by which it is given the focus. */
export interface RowPlace {
  index: number;
  top: number;
  active: boolean;
  /** One row of the grid takes the Tab key, chosen or not. */
  tabStop: boolean;
}

/** What a list tells its grid, whatever its rows are. */
export interface GridState {
  hasMore: boolean;
  loadingMore: boolean;
  stale: boolean;
  active: number;
  onActive: (index: number) => void;
  onMore: () => void;
  empty: ReactNode;
}

interface Grid<Row> extends GridState {
  rows: readonly Row[];
  rowHeightPx: number;
  className?: string;
  label: string;
  testId: string;
  /** The cells of the first row, and its class. */
  head: ReactNode;
  headClass: string;
  canOpen?: (row: Row) => boolean;
  onOpen: (row: Row) => void;
  row: (row: Row, place: RowPlace) => ReactNode;
}

/** Rows as a grid that draws only what is in sight, however many are loaded, and is led by the keyboard. */
export function RowGrid<Row>(props: Grid<Row>) {
  const { rows, rowHeightPx, hasMore, loadingMore, active, onActive, onMore } = props;
  const { t } = useTranslation();
  const body = useRef<HTMLDivElement>(null);
  const { first, last, atEnd } = useWindowing(body, rows.length, rowHeightPx);
  const [focusRow, setFocusRow] = useState(false);

  // The chosen row stays in sight; it takes the focus when the keyboard chose it.
  useEffect(() => {
    const box = body.current;
    if (box === null || active < 0) return;
    const top = active * rowHeightPx;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeightPx > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + rowHeightPx - box.clientHeight;
    }
  }, [active, rowHeightPx]);
  useEffect(() => {
    if (!focusRow) return;
    body.current
      ?.querySelector<HTMLElement>(`[data-index="${active}"]`)
      ?.focus({ preventScroll: true });
    setFocusRow(false);
  }, [focusRow, active]);
  useEffect(() => {
    if (atEnd && hasMore && !loadingMore && rows.length > 0) onMore();
  }, [atEnd, hasMore, loadingMore, rows.length, onMore]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? 0) / rowHeightPx) - 1);
    const moves: Record<string, number> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 },
      ...{ PageDown: active + page, PageUp: active - page },
    };
    const to = moves[event.key];
    const row = rows[active];
    const opens = row !== undefined && (props.canOpen?.(row) ?? true);
    if (event.key === 'Enter' && opens) props.onOpen(row);
    else if (to === undefined) return;
    else {
      onActive(Math.min(Math.max(to, 0), rows.length - 1));
      setFocusRow(true);
    }
    event.preventDefault();
  };

  return (
    <div
      role="grid"
      className={['results', props.className, props.stale ? 'results-stale' : undefined]
        .filter((name) => name !== undefined)
        .join(' ')}
      aria-label={props.label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-busy={props.stale || loadingMore}
      data-testid={props.testId}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div role="row" className={`grid-row grid-head ${props.headClass}`} aria-rowindex={1}>
          {props.head}
        </div>
      </div>
      {rows.length === 0 ? (
        props.empty
      ) : (
        <div role="rowgroup" className="results-body" ref={body} tabIndex={-1}>
          <div
            className="results-space"
            role="presentation"
            style={{ blockSize: rows.length * rowHeightPx }}
          >
            {rows.slice(first, last).map((row, offset) =>
              props.row(row, {
                index: first + offset,
                top: (first + offset) * rowHeightPx,
                active: first + offset === active,
                tabStop: first + offset === Math.max(active, 0),
              }),
            )}
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
