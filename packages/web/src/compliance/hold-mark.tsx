import { LockFilled, UnlockOutlined } from '@ant-design/icons';
import type { HoldState } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

/** Whether a hold keeps its records: a lock that is shut, or open. */
export function HoldMark({ state }: { state: HoldState }) {
  const { t } = useTranslation();
  const isLiving = state === 'living';
  return (
    <span
      className={`state ${isLiving ? 'state-held' : 'state-gone'}`}
      data-testid="hold-state"
      data-state={state}
    >
      <span aria-hidden="true">{isLiving ? <LockFilled /> : <UnlockOutlined />}</span>
      {t(`compliance.holds.filter.${state}`)}
    </span>
  );
}
