const UNITS: [unit: string, ms: number, until: number][] = [
  ['millisecond', 1, 1000],
  ['second', 1000, 120_000],
  ['minute', 60_000, 7_200_000],
  ['hour', 3_600_000, 172_800_000],
  ['day', 86_400_000, Number.POSITIVE_INFINITY],
];

/** A length of time in its largest fitting unit: 120 ms, 3.2 sec, 5 min, 30 hr, 12 days; 5 分钟. */
export function writeSpan(ms: number, language: string): string {
  const [unit, unitMs] = UNITS.find(([, , until]) => ms < until) ?? ['day', 86_400_000];
  const amount = ms / unitMs;
  const digits = unit === 'second' && amount < 10 ? 1 : 0;
  const text = new Intl.NumberFormat(language, {
    ...{ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits },
  }).format(amount);
  // Intl writes 5分钟; beside Chinese our numbers stand free: 5 分钟.
  return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');
}
