import { queryOptions } from '@tanstack/react-query';
import type { DisposalItemsView } from '@voxkeep/contract';
import { ask } from '../api/client.ts';
import { DISPOSALS } from '../api/disposal-queries.ts';
import { digestOfIds, type ListDigest } from './disposal-statement.ts';

const IDS_A_PAGE = 1000;

/** All ids of a list as the archive gives them, page by page, and the digest over them, reckoned here. */
export const listDigestQuery = (runId: string) =>
  queryOptions({
    queryKey: [...DISPOSALS, 'digest', runId],
    ...{ gcTime: 0, staleTime: Number.POSITIVE_INFINITY },
    queryFn: async ({ signal }): Promise<ListDigest> => {
      const ids: string[] = [];
      for (let after: string | undefined; ; ) {
        const page: DisposalItemsView = await ask<DisposalItemsView>(
          `/disposals/runs/${runId}/items`,
          { query: { limit: IDS_A_PAGE, after }, signal },
        );
        ids.push(...page.items.map(({ recordId }) => recordId));
        after = page.next;
        if (after === undefined) return { records: ids.length, digest: await digestOfIds(ids) };
      }
    },
  });
