import type { SiteHistory } from '@voxkeep/contract';
import type { EChartsCoreOption } from 'echarts/core';
import { labelOf } from '../i18n/label-of.ts';
import { writeInstant } from '../i18n/moments.ts';
import type { Palette } from '../theme/palette.ts';
import { ticksOf, writeTick } from './axis-ticks.ts';
import type { Metric } from './metrics.ts';
import { siteLook } from './site-look.ts';

interface Drawn {
  metric: Metric;
  histories: readonly SiteHistory[];
  palette: Palette;
  language: string;
  timeZone: string;
}

/** One line a site, with a gap where nobody looked, over the time that was asked for. */
export function chartOptions({ metric, histories, palette: p, language, timeZone }: Drawn) {
  const { from = '', to = '' } = histories[0] ?? {};
  const write = (value: number) => metric.write(value, language);
  const clock = (ms: number) => writeInstant(new Date(ms).toISOString(), timeZone, false);
  const label = { color: p.textSecondary, fontSize: 11 };
  return {
    animation: false,
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: 'same' },
    textStyle: { fontFamily: 'inherit' },
    xAxis: {
      ...{ type: 'value', min: Date.parse(from), max: Date.parse(to) },
      axisLine: { show: true, lineStyle: { color: p.line } },
      ...{ axisTick: { show: false }, splitLine: { show: false } },
      axisLabel: {
        ...{ ...label, hideOverlap: true, customValues: ticksOf(from, to, timeZone) },
        formatter: (ms: number) => writeTick(ms, from, to, timeZone),
      },
    },
    yAxis: {
      ...{ type: 'value', min: 0, splitNumber: 3 },
      ...{ axisLine: { show: false }, axisTick: { show: false } },
      minInterval: metric.id === 'lag' ? 0 : 1,
      axisLabel: { ...label, formatter: (value: number) => (value === 0 ? '0' : write(value)) },
      splitLine: { lineStyle: { color: p.line } },
    },
    tooltip: {
      ...{ trigger: 'axis', confine: true, transitionDuration: 0 },
      ...{ backgroundColor: p.card, borderColor: p.line, padding: [6, 10] },
      textStyle: { color: p.text, fontSize: 12 },
      axisPointer: {
        lineStyle: { color: p.textTertiary },
        label: { formatter: ({ value }: { value: unknown }) => clock(Number(value)) },
      },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? write(value) : '–'),
    },
    series: histories.map((history) => {
      const look = siteLook(history.site, p);
      return {
        ...{ type: 'line', name: labelOf('site', history.site), data: line(history, metric) },
        // One point alone is no line.
        showSymbol: history.points.length < 3,
        ...{ connectNulls: false, itemStyle: { color: look.colour } },
        lineStyle: { color: look.colour, width: 2, type: look.line },
        ...(metric.shaded ? { markArea: shaded(history, look.colour) } : {}),
      };
    }),
  } satisfies EChartsCoreOption;
}

type Pair = [at: number, value: number | null];

/** Where the next point is not the next stretch, the line is broken. */
function line({ points, stepS }: SiteHistory, metric: Metric): Pair[] {
  const pairs: Pair[] = [];
  let lastMs: number | undefined;
  for (const point of points) {
    const atMs = Date.parse(point.at);
    if (lastMs !== undefined && atMs - lastMs > stepS * 2500) pairs.push([lastMs + 1, null]);
    pairs.push([atMs, metric.valueOf(point) ?? null]);
    lastMs = atMs;
  }
  return pairs;
}

/** The times in which the site was away. */
function shaded({ points, stepS }: SiteHistory, colour: string) {
  const areas: [start: number, end: number][] = [];
  for (const { at, reachable } of points) {
    if (reachable) continue;
    const startMs = Date.parse(at);
    const endMs = startMs + stepS * 1000;
    const last = areas.at(-1);
    if (last !== undefined && startMs - last[1] <= 1000) last[1] = endMs;
    else areas.push([startMs, endMs]);
  }
  return {
    silent: true,
    itemStyle: { color: colour, opacity: 0.14 },
    data: areas.map(([start, end]) => [{ xAxis: start }, { xAxis: end }]),
  };
}
