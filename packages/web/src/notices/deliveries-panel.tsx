import type { Delivery } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { codeWords } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';

/** What waits to leave by webhook and mail, and what never did. Nothing where neither is configured. */
export function DeliveriesPanel({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation();
  if (deliveries.length === 0) return null;
  return (
    <section className="card" aria-labelledby="deliveries">
      <h2 id="deliveries">{t('notices.deliveries')}</h2>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('notices.channel')}</th>
            <th scope="col" className="end">
              {t('notices.waiting')}
            </th>
            <th scope="col">{t('notices.oldest')}</th>
            <th scope="col">{t('notices.lastFailure')}</th>
            <th scope="col" className="end">
              {t('notices.givenUp')}
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map(({ channel, waiting, oldestAt, lastFailure, givenUp }) => (
            <tr key={channel}>
              <th scope="row">{t(`notices.channelName.${channel}`)}</th>
              <td className={`end num${lastFailure === undefined ? '' : ' held'}`}>
                {waiting.toLocaleString('en')}
              </td>
              <td>{oldestAt === undefined ? t('shell.none') : <Moment at={oldestAt} />}</td>
              <td title={lastFailure}>
                {lastFailure === undefined
                  ? t('shell.none')
                  : (codeWords(lastFailure) ?? lastFailure)}
              </td>
              <td className={`end num${givenUp > 0 ? ' held' : ''}`}>
                {givenUp.toLocaleString('en')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
