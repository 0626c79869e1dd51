import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SiteHistory } from '@voxkeep/contract';
import { Segmented, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { siteHistoryQuery } from '../api/queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { labelOf } from '../i18n/label-of.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { paletteOf } from '../theme/palette.ts';
import { chartOptions } from './chart-options.ts';
import { type HistoryRange, RANGE_HOURS, RANGES } from './history-range.ts';
import { HistoryTable } from './history-table.tsx';
import { LineChart } from './line-chart.tsx';
import { METRICS, type Metric, mostOf } from './metrics.ts';
import { SiteKey } from './site-key.tsx';

const WORDS = {
  lag: { title: 'sites.chartLag', hint: 'sites.chartLagHint' },
  backlog: { title: 'sites.chartBacklog', hint: 'sites.chartBacklogHint' },
  space: { title: 'sites.chartSpace', hint: 'sites.chartSpaceHint' },
} as const;

/** Lag, backlog and space of all sites over a day, a week or a month. */
export function HistoryPanel({ sites }: { sites: readonly string[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { range = 'day' } = useSearch({ from: '/signed-in/sites' });
  const asked = useQueries({
    queries: sites.map((site) => siteHistoryQuery(site, RANGE_HOURS[range])),
  });
  const failed = asked.find(({ isError }) => isError);
  const histories = asked.flatMap(({ data }) => data ?? []);
  const pending = asked.some(({ isPending }) => isPending);
  const empty = histories.every(({ points }) => points.length === 0);
  return (
    <section className="card history" aria-labelledby="site-history" data-testid="site-history">
      <div className="card-row">
        <h2 id="site-history">{t('sites.history')}</h2>
        <SiteKey sites={sites} />
        <Segmented<HistoryRange>
          aria-label={t('sites.range')}
          value={range}
          options={RANGES.map((one) => ({ value: one, label: t(`sites.ranges.${one}`) }))}
          onChange={(to) =>
            void navigate({ to: '/sites', search: to === 'day' ? {} : { range: to } })
          }
        />
      </div>
      {failed === undefined ? null : (
        <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      {failed !== undefined ? null : pending ? (
        <div className="charts">
          {METRICS.map(({ id }) => (
            <Skeleton key={id} active paragraph={{ rows: 6 }} />
          ))}
        </div>
      ) : empty ? (
        <p className="muted chart-empty" data-testid="history-empty">
          {t('sites.chartEmpty')}
        </p>
      ) : (
        <div className="charts">
          {METRICS.map((metric) => (
            <Chart key={metric.id} metric={metric} histories={histories} range={range} />
          ))}
        </div>
      )}
    </section>
  );
}

function Chart({
  metric,
  histories,
  range,
}: {
  metric: Metric;
  histories: readonly SiteHistory[];
  range: HistoryRange;
}) {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  const { mode } = usePreferences();
  const [open, setOpen] = useState(false);
  const { language } = i18n;
  const title = t(WORDS[metric.id].title);
  const options = useMemo(
    () => chartOptions({ metric, histories, palette: paletteOf(mode), language, timeZone }),
    [metric, histories, mode, language, timeZone],
  );
  const most = histories.map(({ points }) => mostOf(metric, points));
  const perSite = histories.map(({ site }, at) => {
    const value = most[at];
    const name = labelOf('site', site);
    if (value === undefined) return t('sites.chartSiteNone', { site: name });
    return t('sites.chartSite', { site: name, value: metric.write(value, language) });
  });
  const said = t('sites.chartSaid', {
    ...{ title, range: t(`sites.ranges.${range}`), sites: perSite.join(', ') },
  });
  const isEmpty = most.every((value) => value === undefined);
  return (
    <div className="chart">
      <h3>
        {title} <span className="muted">{t(WORDS[metric.id].hint)}</span>
      </h3>
      {isEmpty ? (
        <p className="muted chart-none">{t('sites.chartNone')}</p>
      ) : (
        <LineChart options={options} said={said} />
      )}
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('sites.asTable')}</summary>
        {open ? <HistoryTable metric={metric} title={title} histories={histories} /> : null}
      </details>
    </div>
  );
}
