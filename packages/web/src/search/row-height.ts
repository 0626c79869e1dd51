import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 1400px)';
/** Wide screens have one line a call; narrow ones put the excerpt on a second. Also in search.css. */
const ROW_PX = { wide: 40, narrow: 64 };

export function useRowHeight(): number {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(WIDE);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => (matchMedia(WIDE).matches ? ROW_PX.wide : ROW_PX.narrow),
  );
}
