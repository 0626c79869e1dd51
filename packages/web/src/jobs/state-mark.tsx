import {
  CheckCircleFilled,
  ExclamationCircleFilled,
  MinusCircleOutlined,
  StopFilled,
  SyncOutlined,
} from '@ant-design/icons';
import type { RecordState } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const MARKS: Partial<Record<RecordState, [string, ReactNode]>> = {
  archived: ['good', <CheckCircleFilled key="archived" />],
  quarantined: ['bad', <ExclamationCircleFilled key="quarantined" />],
  restricted: ['held', <StopFilled key="restricted" />],
  disposed: ['gone', <MinusCircleOutlined key="disposed" />],
};

/** A state by word, colour and shape. */
export function StateMark({ state }: { state: RecordState }) {
  const { t } = useTranslation();
  const [className, icon] = MARKS[state] ?? ['moving', <SyncOutlined key="moving" />];
  return (
    <span className={`state state-${className}`}>
      <span aria-hidden="true">{icon}</span>
      {t(`state.${state}`)}
    </span>
  );
}
