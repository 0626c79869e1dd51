import type { AuditTrend } from '@voxkeep/contract';
import type { EChartsCoreOption } from 'echarts/core';
import { writeInstant } from '../i18n/moments.ts';
import type { Palette } from '../theme/palette.ts';

interface Drawn {
  points: AuditTrend['points'];
  words: { findings: string; open: string };
  palette: Palette;
  timeZone: string;
}

/** Two lines over the audits: all that was found, and what was open when each ended. */
export function trendOptions({ points, words, palette: p, timeZone }: Drawn) {
  const label = { color: p.textSecondary, fontSize: 11 };
  const line = (name: string, values: number[], colour: string, type: 'solid' | 'dashed') => ({
    ...{ type: 'line', name, data: values, showSymbol: true, symbolSize: 6 },
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: 2, type },
  });
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: 'same' },
    textStyle: { fontFamily: 'inherit' },
    xAxis: {
      ...{
        type: 'category',
        axisTick: { show: false },
        axisLabel: { ...label, hideOverlap: true },
      },
      data: points.map(({ asOf }) => writeInstant(asOf, timeZone, false).slice(0, 10)),
      axisLine: { show: true, lineStyle: { color: p.line } },
    },
    yAxis: {
      ...{ type: 'value', min: 0, splitNumber: 3, minInterval: 1, axisLabel: label },
      splitLine: { lineStyle: { color: p.line } },
    },
    tooltip: {
      ...{ trigger: 'axis', confine: true, transitionDuration: 0 },
      ...{ backgroundColor: p.card, borderColor: p.line, padding: [6, 10] },
      textStyle: { color: p.text, fontSize: 12 },
    },
    series: [
      line(
        words.findings,
        points.map((one) => one.findings),
        p.siteHq,
        'solid',
      ),
      line(
        words.open,
        points.map((one) => one.open),
        p.siteCloud,
        'dashed',
      ),
    ],
  } satisfies EChartsCoreOption;
}
