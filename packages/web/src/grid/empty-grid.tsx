import { Empty } from 'antd';
import type { ReactNode } from 'react';

/** What stands in a grid instead of rows, as a row of it. */
export function EmptyGrid({ testId, description }: { testId: string; description: ReactNode }) {
  return (
    <div role="rowgroup">
      <div role="row">
        <div role="gridcell" className="page-empty" data-testid={testId}>
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={description} />
        </div>
      </div>
    </div>
  );
}
