import { useInfiniteQuery } from '@tanstack/react-query';
import { searchQuery } from '../api/queries.ts';
import type { Filters } from './filters.ts';

/** The list a record was opened from: in memory only, so that a reload searches nothing by itself. */
let remembered: { filters: Filters; activeId: string | undefined } | undefined;

export function rememberResultList(filters: Filters, activeId: string | undefined): void {
  remembered = { filters, activeId };
}

export function rememberActive(activeId: string): void {
  if (remembered !== undefined) remembered = { ...remembered, activeId };
}

export function rememberedActive(): string | undefined {
  return remembered?.activeId;
}

export function rememberedFilters(): Filters {
  return remembered?.filters ?? {};
}

export interface Neighbours {
  position?: number;
  loaded: number;
  previousId?: string;
  nextId?: string;
  /** Set when the next one is on a page that is not loaded yet. */
  loadNext?: () => Promise<string | undefined>;
}

/** Where a record stands in the list it was opened from, and what is before and after it. */
export function useNeighbours(id: string): Neighbours {
  // `enabled: false`: looks at what the search page loaded and asks for nothing new by itself.
  const list = useInfiniteQuery({ ...searchQuery(rememberedFilters()), enabled: false });
  const ids = (list.data?.pages ?? []).flatMap((page) =>
    page.hits.filter((hit) => hit.canOpen).map((hit) => hit.id),
  );
  const index = ids.indexOf(id);
  if (remembered === undefined || index === -1) return { loaded: 0 };
  const previousId = ids[index - 1];
  const nextId = ids[index + 1];
  return {
    position: index + 1,
    loaded: ids.length,
    ...(previousId === undefined ? {} : { previousId }),
    ...(nextId === undefined ? {} : { nextId }),
    ...(nextId === undefined && list.hasNextPage
      ? {
          loadNext: async () => {
            const more = await list.fetchNextPage();
            return more.data?.pages.at(-1)?.hits.find((hit) => hit.canOpen)?.id;
          },
        }
      : {}),
  };
}
