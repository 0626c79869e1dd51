import { useCallback, useEffect, useState } from 'react';
import { MOST_CHOSEN } from '../access/ask-search.ts';

/** The calls that were chosen from the results; another search begins with none. */
export function useChoice(searchKey: string) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const clear = useCallback(() => setChosen(new Set()), []);
  useEffect(clear, [searchKey, clear]);
  const toggle = useCallback((id: string) => {
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id) && after.size < MOST_CHOSEN) after.add(id);
      return after;
    });
  }, []);
  return { chosen, toggle, clear };
}
