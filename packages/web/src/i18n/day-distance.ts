const DAY_MS = 86_400_000;

/** Whole days from one day ('2026-11-27') to another; negative to an earlier one. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

const STEPS = [
  ['year', 365.25],
  ['month', 30.44],
] as const;

/** "今天", "3 天后", "2 months ago": a distance in days, in its largest fitting unit. */
export function writeDays(days: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const step = STEPS.find(([, length]) => Math.abs(days) >= 2 * length);
  const text =
    step === undefined
      ? words.format(days, 'day')
      : words.format(Math.trunc(days / step[1]), step[0]);
  // Intl writes 3天后; beside Chinese our numbers stand free: 3 天后.
  return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');
}
