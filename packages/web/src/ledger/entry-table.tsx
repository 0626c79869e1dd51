import type { LedgerEntryView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { type GridState, RowGrid } from '../grid/row-grid.tsx';
import { EntryRow } from './entry-row.tsx';

/** As in ledger.css. */
const ROW_PX = 36;

interface Table extends GridState {
  entries: LedgerEntryView[];
  onOpen: (entry: LedgerEntryView) => void;
}

const COLUMNS = ['index', 'time', 'actor', 'action', 'resource', 'outcome'] as const;

export function EntryTable({ entries, ...grid }: Table) {
  const { t } = useTranslation();
  return (
    <RowGrid
      {...grid}
      rows={entries}
      rowHeightPx={ROW_PX}
      className="entries"
      label={t('ledger.entries')}
      testId="ledger-table"
      headClass="ledger-entry"
      head={COLUMNS.map((name) => (
        <span role="columnheader" key={name} className={`e-${name}`}>
          {t(`ledger.${name}`)}
        </span>
      ))}
      row={(entry, place) => (
        <EntryRow
          key={entry.index}
          entry={entry}
          {...place}
          onActive={grid.onActive}
          onOpen={grid.onOpen}
        />
      )}
    />
  );
}
