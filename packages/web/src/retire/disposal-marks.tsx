import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  LockFilled,
  MinusCircleOutlined,
  PauseCircleFilled,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import type { DisposalRunState } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import type { ItemState } from './run-filter.ts';

const RUNS: Record<DisposalRunState, [tone: string, icon: React.ReactNode]> = {
  proposed: ['held', <ClockCircleOutlined key="proposed" aria-hidden="true" />],
  approved: ['moving', <SyncOutlined key="approved" aria-hidden="true" />],
  running: ['moving', <SyncOutlined key="running" aria-hidden="true" />],
  paused: ['held', <PauseCircleFilled key="paused" aria-hidden="true" />],
  done: ['good', <CheckCircleFilled key="done" aria-hidden="true" />],
  refused: ['bad', <CloseCircleFilled key="refused" aria-hidden="true" />],
  stopped: ['gone', <StopOutlined key="stopped" aria-hidden="true" />],
};

/** A list's state by colour, sign and word. */
export function RunStateMark({ state }: { state: DisposalRunState }) {
  const { t } = useTranslation();
  const [tone, icon] = RUNS[state];
  return (
    <span className={`state state-${tone}`} data-testid="run-state" data-state={state}>
      {icon}
      {t(`disposals.state.${state}`)}
    </span>
  );
}

const ITEMS: Record<ItemState, [tone: string, icon: React.ReactNode]> = {
  planned: ['gone', <ClockCircleOutlined key="planned" aria-hidden="true" />],
  disposed: ['good', <MinusCircleOutlined key="disposed" aria-hidden="true" />],
  deferred: ['held', <LockFilled key="deferred" aria-hidden="true" />],
};

/** What became of one record of a list. */
export function ItemStateMark({ state }: { state: ItemState }) {
  const { t } = useTranslation();
  const [tone, icon] = ITEMS[state];
  return (
    <span className={`state state-${tone}`}>
      {icon}
      {t(`disposals.item.${state}`)}
    </span>
  );
}
