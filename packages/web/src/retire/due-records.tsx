import type { DueView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { TierMark } from '../theme/tier-mark.tsx';
import { RecordLink } from './record-link.tsx';
import { ScrollBox } from './scroll-box.tsx';

interface Rows {
  due: DueView;
  shown: DueView['first'];
  /** Back to all reasons; undefined where all are shown. */
  onAll: (() => void) | undefined;
  /** Undefined for whoever may not propose. */
  chosen: ReadonlySet<string> | undefined;
  onChosen: (chosen: ReadonlySet<string>) => void;
}

/** The first records that are due, one by one; officers choose from them. */
export function DueRecords({ due, shown, onAll, chosen, onChosen }: Rows) {
  const { t } = useTranslation();
  const isPart = due.records > due.first.length;
  const n = due.first.length.toLocaleString('en');
  const toggle = (id: string) => {
    if (chosen === undefined) return;
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  };
  return (
    <div className="due-records">
      <div className="retire-row">
        <h3>{t('disposals.first')}</h3>
        {isPart ? <span className="muted">{t('disposals.firstOf', { n })}</span> : null}
        {onAll === undefined ? null : (
          <button type="button" className="link" onClick={onAll}>
            {t('disposals.showAll')}
          </button>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="muted">{t('disposals.firstNone', { n })}</p>
      ) : (
        <div className="tall-box">
          <ScrollBox label={t('disposals.first')}>
            <table className="plain" data-testid="due-records">
              <thead>
                <tr>
                  {chosen === undefined ? null : (
                    <th scope="col">
                      <span className="sr-only">{t('disposals.choose', { id: '' })}</span>
                    </th>
                  )}
                  <th scope="col">{t('disposals.recordId')}</th>
                  <th scope="col">{t('disposals.tier')}</th>
                  <th scope="col">{t('disposals.groundTitle')}</th>
                  <th scope="col">{t('disposals.rule')}</th>
                  <th scope="col">{t('disposals.keepUntil')}</th>
                </tr>
              </thead>
              <tbody>
                {shown.map(({ recordId, tier, ground, rule, keepUntil }) => (
                  <tr key={recordId} data-testid="due-record">
                    {chosen === undefined ? null : (
                      <td>
                        <input
                          type="checkbox"
                          aria-label={t('disposals.choose', { id: recordId.slice(-8) })}
                          checked={chosen.has(recordId)}
                          onChange={() => toggle(recordId)}
                        />
                      </td>
                    )}
                    <th scope="row">
                      <RecordLink id={recordId} />
                    </th>
                    <td>
                      <TierMark tier={tier} short />
                    </td>
                    <td>{t(`disposals.ground.${ground}`)}</td>
                    <td>
                      <code>{rule}</code>
                    </td>
                    <td className="num">{keepUntil}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </div>
      )}
    </div>
  );
}
