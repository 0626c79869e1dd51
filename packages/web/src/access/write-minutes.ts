import type { TFunction } from 'i18next';

/** 30 分钟, 4 小时; "30 minutes", "4 h". */
export function writeMinutes(t: TFunction, minutes: number): string {
  return minutes % 60 === 0
    ? t('access.hours', { n: minutes / 60 })
    : t('access.minutesLong', { n: minutes });
}
