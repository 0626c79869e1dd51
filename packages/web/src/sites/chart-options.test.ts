import type { SiteHistory, SitePoint } from '@voxkeep/contract';
import { beforeAll, expect, test } from 'vitest';
import { bringAllWords, startI18n } from '../i18n/start-i18n.ts';
import { paletteOf } from '../theme/palette.ts';
import { chartOptions } from './chart-options.ts';
import { METRICS, type Metric, mostOf } from './metrics.ts';

beforeAll(async () => {
  await startI18n('zh-CN');
  await bringAllWords();
});

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 20) + minutes * 60_000).toISOString();
const point = (minutes: number, more: Partial<SitePoint> = {}): SitePoint => ({
  ...{ at: at(minutes), reachable: true, behind: 0, behindS: 0, usedBytes: 1000, faults: 0 },
  ...more,
});
const history = (points: SitePoint[]): SiteHistory => ({
  ...{ site: 'cloud', from: at(0), to: at(1440), stepS: 300, points },
});
const metric = (id: Metric['id']) => METRICS.find((one) => one.id === id) as Metric;
const options = (id: Metric['id'], points: SitePoint[]) =>
  chartOptions({
    ...{ metric: metric(id), histories: [history(points)], palette: paletteOf('light') },
    ...{ language: 'zh-CN', timeZone: 'Asia/Shanghai' },
  });

test('where nobody looked for a while the line is broken, and an absent value is no zero', () => {
  const { series } = options('lag', [
    point(0, { lagMs: { p50: 1, p99: 5 } }),
    point(5),
    point(60, { lagMs: { p50: 2, p99: 7 } }),
  ]);
  expect(series[0]?.data).toEqual([
    [Date.parse(at(0)), 5],
    [Date.parse(at(5)), null],
    [Date.parse(at(5)) + 1, null],
    [Date.parse(at(60)), 7],
  ]);
});

test('the times in which a site was away are shaded as one each', () => {
  const away = { reachable: false };
  const { series } = options('backlog', [
    ...[point(0), point(5, away), point(10, away), point(15), point(40, away)],
  ]);
  expect(series[0]?.markArea?.data).toEqual([
    [{ xAxis: Date.parse(at(5)) }, { xAxis: Date.parse(at(15)) }],
    [{ xAxis: Date.parse(at(40)) }, { xAxis: Date.parse(at(45)) }],
  ]);
  expect(options('space', [point(0, away)]).series[0]).not.toHaveProperty('markArea');
});

test('marks on the axis are whole hours and days of the archive’s zone', () => {
  const marks = (days: number) => {
    const asked = { ...history([]), to: at(days * 1440) };
    const { xAxis } = chartOptions({
      ...{ metric: metric('space'), histories: [asked], palette: paletteOf('dark') },
      ...{ language: 'en', timeZone: 'Asia/Shanghai' },
    });
    return xAxis.axisLabel.customValues.map(xAxis.axisLabel.formatter);
  };
  expect(marks(1)).toEqual(['12:00', '18:00', '00:00', '06:00']);
  expect(marks(7)).toEqual(['11-21', '11-22', '11-23', '11-24', '11-25', '11-26', '11-27']);
  expect(marks(30)).toEqual(['11-25', '11-30', '12-05', '12-10', '12-15', '12-20']);
});

test('the most of a time is of what is there', () => {
  expect(mostOf(metric('lag'), [point(0), point(5, { lagMs: { p50: 1, p99: 9 } })])).toBe(9);
  expect(mostOf(metric('lag'), [point(0)])).toBeUndefined();
});
