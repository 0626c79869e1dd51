import type { HoldView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { Moment } from '../shell/moment.tsx';
import { Mark } from './mark.tsx';

/** Who was told, and who has said that they have read what is true of it now. */
export function CustodianList({ hold: { custodians, state } }: { hold: HoldView }) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby="hold-custodians">
      <h2 id="hold-custodians">
        {t('compliance.holds.custodians')} <span className="num">{custodians.length}</span>
      </h2>
      {custodians.length === 0 ? (
        <p className="muted">{t('compliance.holds.noCustodians')}</p>
      ) : (
        <ul className="custodians">
          {custodians.map(({ id, name, toldAt, acknowledgedAt, releaseAcknowledgedAt }) => {
            const saidAt = state === 'living' ? acknowledgedAt : releaseAcknowledgedAt;
            return (
              <li key={id} data-testid="custodian" data-said={saidAt !== undefined}>
                <span title={id}>{name ?? id}</span>
                {saidAt === undefined ? (
                  <>
                    <Mark tone="soon">{t('compliance.holds.notRead')}</Mark>
                    <span className="muted">
                      {t('compliance.holds.told')} <Moment at={toldAt} />
                    </span>
                  </>
                ) : (
                  <>
                    <Mark tone="good">{t('compliance.holds.read')}</Mark>
                    <Moment at={saidAt} />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
