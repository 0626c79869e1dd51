/** How times and lengths are written. Instants are ISO strings; zones are IANA names. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string, seconds: boolean): Intl.DateTimeFormat {
  const key = `${zone}|${seconds}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: seconds ? 'medium' : 'short',
    });
    formats.set(key, format);
  }
  return format;
}

/** 2026-11-03 14:05:09 in the archive's zone. */
export function writeInstant(iso: string, zone: string, seconds = true): string {
  return formatFor(zone, seconds).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** "3 天前", "in 2 hours"; within a minute "刚刚" / "just now". */
export function writeRelative(iso: string, now: number, language: string): string {
  const deltaMs = new Date(iso).getTime() - now;
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  for (const [unit, unitMs] of STEPS) {
    if (Math.abs(deltaMs) < unitMs) continue;
    // Intl writes 3天前; beside Chinese our numbers stand free: 3 天前.
    const text = words.format(Math.trunc(deltaMs / unitMs), unit);
    return text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');
  }
  return language.startsWith('zh') ? '刚刚' : 'just now';
}

/** For lists: "今天 14:05" and "昨天 14:05" on the last two days in the zone, else 2026-11-03 14:05. */
export function writeListTime(iso: string, now: number, zone: string, language: string): string {
  const [day = '', time = ''] = writeInstant(iso, zone, false).split(' ');
  const dayBefore = (days: number) =>
    writeInstant(new Date(now - days * 86_400_000).toISOString(), zone, false).slice(0, 10);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (day === dayBefore(0)) return `${words.format(0, 'day')} ${time}`;
  if (day === dayBefore(1)) return `${words.format(-1, 'day')} ${time}`;
  return `${day} ${time}`;
}

/** 4:07, or 1:02:33 from an hour on; to the nearest second, as the search counts them. */
export const writeDuration = (durationMs: number): string =>
  writeSeconds(Math.max(0, Math.round(durationMs / 1000)));

/** Whole seconds as 4:07, or 1:02:33 from an hour on. */
export function writeSeconds(total: number): string {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** 1.4 MB; decimal units, as storage is sold. */
export function writeBytes(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = sizeBytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
