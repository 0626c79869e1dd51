import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { auditTrendQuery } from '../api/audit-queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { LineChart } from '../sites/line-chart.tsx';
import { paletteOf } from '../theme/palette.ts';
import { trendOptions } from './trend-options.ts';

/** Findings of each audit over the months. */
export function TrendPanel() {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const { mode } = usePreferences();
  const trend = useQuery(auditTrendQuery);
  const points = trend.data?.points ?? [];
  const words = { findings: t('audits.trendFindings'), open: t('audits.trendOpen') };
  const { findings, open } = words;
  const options = useMemo(
    () =>
      trendOptions({
        points: trend.data?.points ?? [],
        words: { findings, open },
        palette: paletteOf(mode),
        timeZone,
      }),
    [trend.data, findings, open, mode, timeZone],
  );
  const last = points.at(-1);
  return (
    <section className="card" aria-labelledby="audit-trend" data-testid="audit-trend">
      <h2 id="audit-trend">
        {t('audits.trend')} <span className="muted">{t('audits.trendHint')}</span>
      </h2>
      {trend.isError ? (
        <ProblemPanel error={trend.error} onRetry={() => void trend.refetch()} />
      ) : trend.isPending ? (
        <Skeleton active paragraph={{ rows: 4 }} />
      ) : points.length < 2 || last === undefined ? (
        <p className="muted">{t('audits.trendOne')}</p>
      ) : (
        <LineChart
          options={options}
          said={t('audits.trendSaid', {
            ...{ count: points.length, last: last.findings, open: last.open },
          })}
        />
      )}
    </section>
  );
}
