import { Link } from '@tanstack/react-router';
import type { HoldLine } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { Moment } from '../shell/moment.tsx';
import { HoldMark } from './hold-mark.tsx';
import { Mark } from './mark.tsx';

/** A line a matter: what it keeps, whether it still catches, and who has read of it. */
export function HoldTable({ holds }: { holds: readonly HoldLine[] }) {
  const { t } = useTranslation();
  return (
    <div
      className="card scrolling holds"
      role="region"
      aria-label={t('compliance.holds.title')}
      tabIndex={0}
    >
      <table className="plain" data-testid="holds">
        <thead>
          <tr>
            <th scope="col">{t('compliance.holds.matter')}</th>
            <th scope="col">{t('compliance.holds.state')}</th>
            <th scope="col" className="end">
              {t('compliance.holds.records')}
            </th>
            <th scope="col">{t('compliance.holds.catching')}</th>
            <th scope="col">{t('compliance.holds.custodians')}</th>
            <th scope="col">{t('compliance.holds.placed')}</th>
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <HoldRow key={hold.id} hold={hold} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HoldRow({ hold }: { hold: HoldLine }) {
  const { t } = useTranslation();
  const { id, state, matter, records, searches, walking, custodians, acknowledged } = hold;
  const isLiving = state === 'living';
  return (
    <tr data-testid="hold">
      <th scope="row" className="hold-matter">
        <Link to="/compliance/holds/$id" params={{ id }}>
          {matter}
        </Link>
      </th>
      <td>
        <HoldMark state={state} />
      </td>
      <td className="end num">{records.toLocaleString('en')}</td>
      <td>
        {!searches ? (
          <span className="muted">{t('compliance.holds.chosenOnly')}</span>
        ) : walking ? (
          <Mark tone="soon">{t('compliance.holds.walking')}</Mark>
        ) : isLiving ? (
          <Mark tone="good">{t('compliance.holds.caughtUp')}</Mark>
        ) : (
          <span className="muted">{t('compliance.holds.catchesNoMore')}</span>
        )}
      </td>
      <td>
        {custodians === 0 ? (
          <span className="muted">{t('shell.none')}</span>
        ) : (
          <Mark tone={acknowledged < custodians ? 'soon' : 'good'}>
            {t('compliance.holds.acknowledged', { n: acknowledged, of: custodians })}
          </Mark>
        )}
      </td>
      <td>
        <Moment at={hold.placedAt} />{' '}
        <span className="muted" title={hold.placedBy}>
          {hold.placedByName}
        </span>
      </td>
    </tr>
  );
}
