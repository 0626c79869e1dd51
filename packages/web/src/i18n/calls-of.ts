import type { TFunction } from 'i18next';

/** "12,480 通"; "1 call", "12,480 calls". */
export function callsOf(t: TFunction, count: number): string {
  return t('access.calls', { count, n: count.toLocaleString('en') });
}
