import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';

interface More {
  found: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
  label: string;
}

/** Fetches the next page of a list; nothing where there is none. */
export function MoreButton({ found, label }: More) {
  if (!found.hasNextPage) return null;
  return (
    <Button
      block
      type="link"
      loading={found.isFetchingNextPage}
      onClick={() => void found.fetchNextPage()}
    >
      {label}
    </Button>
  );
}
