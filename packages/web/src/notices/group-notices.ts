import type { Notice, NoticesView } from '@voxkeep/contract';
import { writeInstant } from '../i18n/moments.ts';

export interface NoticeGroup {
  /** `alarms`, or a day in the archive's zone: 2026-11-27. */
  key: string;
  notices: Notice[];
}

/** Alarms that are not read stand first, on no day; the rest by day, newest first, none twice. */
export function groupNotices(pages: readonly NoticesView[], zone: string): NoticeGroup[] {
  const alarms = pages[0]?.alarms ?? [];
  const seen = new Set(alarms.map(({ id }) => id));
  const groups: NoticeGroup[] = alarms.length === 0 ? [] : [{ key: 'alarms', notices: alarms }];
  for (const notice of pages.flatMap(({ notices }) => notices)) {
    if (seen.has(notice.id)) continue;
    seen.add(notice.id);
    const day = writeInstant(notice.toldAt, zone, false).slice(0, 10);
    const last = groups.at(-1);
    if (last?.key === day) last.notices.push(notice);
    else groups.push({ key: day, notices: [notice] });
  }
  return groups;
}

/** "今天", "昨天", otherwise the day itself. */
export function writeDay(day: string, now: number, zone: string, language: string): string {
  const dayBefore = (days: number) =>
    writeInstant(new Date(now - days * 86_400_000).toISOString(), zone, false).slice(0, 10);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const named = [0, 1].find((days) => day === dayBefore(days));
  if (named === undefined) return day;
  const word = words.format(-named, 'day');
  return word.charAt(0).toUpperCase() + word.slice(1);
}
