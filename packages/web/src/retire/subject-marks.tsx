import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  CopyOutlined,
  DeleteOutlined,
  EditOutlined,
  RollbackOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import type { SubjectKind, SubjectState } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

const KINDS: Record<SubjectKind, React.ReactNode> = {
  copy: <CopyOutlined aria-hidden="true" />,
  correction: <EditOutlined aria-hidden="true" />,
  erasure: <DeleteOutlined aria-hidden="true" />,
};

export function SubjectKindMark({ kind }: { kind: SubjectKind }) {
  const { t } = useTranslation();
  return (
    <span className="state">
      {KINDS[kind]}
      {t(`subjects.kind.${kind}`)}
    </span>
  );
}

const STATES: Record<SubjectState, [tone: string, icon: React.ReactNode]> = {
  received: ['held', <ClockCircleOutlined key="received" aria-hidden="true" />],
  granted: ['moving', <SyncOutlined key="granted" aria-hidden="true" />],
  refused: ['bad', <CloseCircleFilled key="refused" aria-hidden="true" />],
  done: ['good', <CheckCircleFilled key="done" aria-hidden="true" />],
  withdrawn: ['gone', <RollbackOutlined key="withdrawn" aria-hidden="true" />],
};

/** A request's state by colour, sign and word. */
export function SubjectStateMark({ state }: { state: SubjectState }) {
  const { t } = useTranslation();
  const [tone, icon] = STATES[state];
  return (
    <span className={`state state-${tone}`} data-testid="subject-state" data-state={state}>
      {icon}
      {t(`subjects.state.${state}`)}
    </span>
  );
}
