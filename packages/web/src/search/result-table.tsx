import type { SearchHit } from '@voxkeep/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type GridState, RowGrid } from '../grid/row-grid.tsx';
import { useSession } from '../session/use-session.ts';
import { ResultRow } from './result-row.tsx';
import { useRowHeight } from './row-height.ts';

interface Table extends GridState {
  hits: SearchHit[];
  onOpen: (hit: SearchHit) => void;
  /** Where calls can be chosen for a request: those that are, and the way to change it. */
  chosen?: ReadonlySet<string>;
  onToggle?: (id: string) => void;
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

export function ResultTable({ hits, chosen, onToggle, ...grid }: Table) {
  const { onActive, onOpen } = grid;
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const rowHeightPx = useRowHeight();
  const onChoose = useCallback(
    (index: number, open: boolean) => {
      onActive(index);
      const hit = hits[index];
      if (open && hit?.canOpen) onOpen(hit);
    },
    [hits, onActive, onOpen],
  );
  return (
    <RowGrid
      {...grid}
      rows={hits}
      rowHeightPx={rowHeightPx}
      {...(onToggle ? { className: 'results-choosing' } : {})}
      label={t('search.results')}
      testId="search-table"
      headClass="row row-head"
      head={
        <>
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
        </>
      }
      canOpen={(hit) => hit.canOpen}
      row={(hit, place) => (
        <ResultRow
          key={hit.id}
          hit={hit}
          {...place}
          zone={timeZone}
          onChoose={onChoose}
          chosen={chosen?.has(hit.id) ?? false}
          {...(onToggle ? { onToggle } : {})}
        />
      )}
    />
  );
}
