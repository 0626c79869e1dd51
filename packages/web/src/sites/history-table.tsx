import type { SiteHistory, SitePoint } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import type { Metric } from './metrics.ts';

/** The numbers of a chart, newest first, for whoever reads rather than looks. */
export function HistoryTable({
  metric,
  title,
  histories,
}: {
  metric: Metric;
  title: string;
  histories: readonly SiteHistory[];
}) {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  const times = [...new Set(histories.flatMap(({ points }) => points.map(({ at }) => at)))];
  const bySite = histories.map(
    ({ points }) => new Map(points.map((point) => [point.at, point] as const)),
  );
  const write = (point: SitePoint | undefined) => {
    if (point === undefined) return '–';
    const value = metric.valueOf(point);
    const text = value === undefined ? '–' : metric.write(value, i18n.language);
    return point.reachable ? text : `${text} · ${t('sites.away')}`;
  };
  return (
    <section className="history-table" tabIndex={0} aria-label={title}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('sites.time')}</th>
            {histories.map(({ site }) => (
              <th key={site} scope="col" className="end">
                {labelOf('site', site)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .sort()
            .reverse()
            .map((at) => (
              <tr key={at}>
                <th scope="row" className="num">
                  {writeInstant(at, timeZone, false)}
                </th>
                {histories.map(({ site }, column) => (
                  <td key={site} className="end num">
                    {write(bySite[column]?.get(at))}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
