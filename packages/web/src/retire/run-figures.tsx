import { LockFilled } from '@ant-design/icons';
import type { DisposalRunView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { OpenCount } from './open-count.tsx';
import type { ItemState } from './run-filter.ts';
import { RunProgress } from './run-list.tsx';

/** What is to come, gone and kept; each number shows its records below. */
export function RunFigures({
  run,
  item,
  onItem,
}: {
  run: DisposalRunView;
  item: ItemState | undefined;
  onItem: (item: ItemState | undefined) => void;
}) {
  const { t } = useTranslation();
  const { records, disposed, deferred } = run;
  const planned = records - disposed - deferred;
  return (
    <div className="open-counts" role="group" aria-label={t('disposals.figures')}>
      <OpenCount
        label={t('disposals.all')}
        value={records}
        pressed={item === undefined}
        onOpen={() => onItem(undefined)}
        testId="figure-all"
      />
      <OpenCount
        label={t('disposals.planned')}
        value={planned}
        pressed={item === 'planned'}
        onOpen={() => onItem('planned')}
        testId="figure-planned"
      />
      <OpenCount
        label={t('disposals.disposed')}
        value={disposed}
        pressed={item === 'disposed'}
        onOpen={() => onItem('disposed')}
        testId="figure-disposed"
      />
      <OpenCount
        label={t('disposals.deferred')}
        value={deferred}
        {...(deferred > 0
          ? ({ mark: <LockFilled aria-hidden="true" />, tone: 'held' } as const)
          : {})}
        pressed={item === 'deferred'}
        onOpen={() => onItem('deferred')}
        testId="figure-deferred"
      />
      <RunProgress run={run} />
    </div>
  );
}
