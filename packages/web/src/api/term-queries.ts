import { queryOptions } from '@tanstack/react-query';
import type { RecordHolds, RecordRetention } from '@voxkeep/contract';
import { ask } from './client.ts';

/** Until when a record is kept and everything that it rests on. A look is a ledger entry. */
export const termQuery = (recordId: string) =>
  queryOptions({
    queryKey: ['term', recordId],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask<RecordRetention>(`/records/${recordId}/retention`, { signal }),
  });

/** The living holds that keep a record, by matter. */
export const recordHoldsQuery = (recordId: string) =>
  queryOptions({
    queryKey: ['record-holds', recordId],
    staleTime: 60_000,
    queryFn: ({ signal }) => ask<RecordHolds>(`/records/${recordId}/holds`, { signal }),
  });
