import type { DueView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { ScrollBox } from './scroll-box.tsx';

export type GroundCount = DueView['counts'][number];

/** What makes counts alike; also the name of a row. */
export const groundKey = ({ ground, rule, tier }: Omit<GroundCount, 'records'>): string =>
  `${ground} ${rule} ${tier}`;

/** How many records by why, by which rule and of which tier; a number opens what is behind it. */
export function GroundTable({
  counts,
  picked,
  onPick,
}: {
  counts: readonly GroundCount[];
  picked?: string | undefined;
  onPick?: (key: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t('disposals.byGround')}>
      <table className="plain ground-table" data-testid="ground-table">
        <thead>
          <tr>
            <th scope="col">{t('disposals.groundTitle')}</th>
            <th scope="col">{t('disposals.rule')}</th>
            <th scope="col">{t('disposals.tier')}</th>
            <th scope="col" className="end">
              {t('disposals.records')}
            </th>
          </tr>
        </thead>
        <tbody>
          {counts.map((count) => {
            const key = groundKey(count);
            const isPicked = key === picked;
            const ground = t(`disposals.ground.${count.ground}`);
            const { rule, records } = count;
            return (
              <tr key={key}>
                <th scope="row">{ground}</th>
                <td>
                  <code>{rule}</code>
                </td>
                <td>
                  <TierMark tier={count.tier} short />
                </td>
                <td className="end num">
                  {onPick === undefined ? (
                    records.toLocaleString('en')
                  ) : (
                    <button
                      type="button"
                      className="link num"
                      aria-pressed={isPicked}
                      aria-label={t('disposals.onlyThese', {
                        ...{ ground, rule, calls: callsOf(t, records) },
                      })}
                      onClick={() => onPick(isPicked ? undefined : key)}
                    >
                      {records.toLocaleString('en')}
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}
