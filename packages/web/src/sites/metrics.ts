import type { SitePoint } from '@voxkeep/contract';
import { writeBytes } from '../i18n/moments.ts';
import { writeSpan } from '../i18n/spans.ts';

/** What is drawn over time: its value at a point, undefined where there is none, and how it is written. */
export interface Metric {
  id: 'lag' | 'backlog' | 'space';
  valueOf(point: SitePoint): number | undefined;
  write(value: number, language: string): string;
  /** Whether times in which a site was away are shaded. */
  shaded: boolean;
}

export const METRICS: readonly Metric[] = [
  { id: 'lag', valueOf: ({ lagMs }) => lagMs?.p99, write: writeSpan, shaded: false },
  {
    ...{ id: 'backlog', valueOf: ({ behind }) => behind, shaded: true },
    write: (value) => Math.round(value).toLocaleString('en'),
  },
  { id: 'space', valueOf: ({ usedBytes }) => usedBytes, write: writeBytes, shaded: false },
];

/** The largest value of the time; undefined where there is none. */
export function mostOf(metric: Metric, points: readonly SitePoint[]): number | undefined {
  const values = points.flatMap((point) => metric.valueOf(point) ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
}
