import type { LedgerEntryView } from '@voxkeep/contract';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowPlace } from '../grid/row-grid.tsx';
import { labelOf } from '../i18n/label-of.ts';
import { writeInstant, writeRelative } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';

interface Row extends RowPlace {
  entry: LedgerEntryView;
  onActive: (index: number) => void;
  onOpen: (entry: LedgerEntryView) => void;
}

/** One entry: number, when, who, what, on what, how it ended. */
export const EntryRow = memo(function EntryRow(row: Row) {
  const { entry, index, top, active, tabStop, onActive, onOpen } = row;
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  const { actor, resource, outcome } = entry;
  return (
    <div
      role="row"
      className="grid-row ledger-entry"
      style={{ transform: `translateY(${String(top)}px)` }}
      aria-rowindex={index + 2}
      aria-selected={active}
      tabIndex={tabStop ? 0 : -1}
      data-testid="ledger-row"
      data-index={index}
      onClick={() => {
        onActive(index);
        onOpen(entry);
      }}
    >
      <span role="gridcell" className="e-index num">
        {entry.index.toLocaleString('en')}
      </span>
      <span
        role="gridcell"
        className="e-time num"
        title={writeRelative(entry.time, Date.now(), i18n.language)}
      >
        {writeInstant(entry.time, timeZone)}
      </span>
      <span role="gridcell" className="e-actor" title={actor.id}>
        {actor.name ?? (actor.id.length === 36 ? `…${actor.id.slice(-6)}` : actor.id)}{' '}
        <span className="muted">{labelOf('role', actor.role)}</span>
      </span>
      <span role="gridcell" className="e-action" title={entry.action}>
        {labelOf('action', entry.action)}
      </span>
      <span role="gridcell" className="e-resource num" title={resource}>
        {resource === undefined ? '' : resource.length === 36 ? `…${resource.slice(-8)}` : resource}
      </span>
      <span role="gridcell" className={`e-outcome${outcome === 'ok' ? '' : ' bad'}`}>
        {t(`outcome.${outcome}`)}
      </span>
    </div>
  );
});
