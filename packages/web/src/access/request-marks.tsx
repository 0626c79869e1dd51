import {
  AlertFilled,
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  FileProtectOutlined,
  KeyOutlined,
  MinusCircleOutlined,
  StopOutlined,
} from '@ant-design/icons';
import type { GrantField, RequestKind, RequestState } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { writeList } from '../i18n/write-list.ts';
import { GRANT_FIELDS } from './grant-fields.ts';

const STATES: Record<RequestState, [tone: string, icon: React.ReactNode]> = {
  pending: ['held', <ClockCircleOutlined key="pending" aria-hidden="true" />],
  live: ['good', <CheckCircleFilled key="live" aria-hidden="true" />],
  ended: ['gone', <MinusCircleOutlined key="ended" aria-hidden="true" />],
  expired: ['gone', <MinusCircleOutlined key="expired" aria-hidden="true" />],
  rejected: ['bad', <CloseCircleFilled key="rejected" aria-hidden="true" />],
  withdrawn: ['gone', <StopOutlined key="withdrawn" aria-hidden="true" />],
  revoked: ['bad', <StopOutlined key="revoked" aria-hidden="true" />],
};

/** A request's state by colour, sign and word. */
export function RequestStateMark({ state }: { state: RequestState }) {
  const { t } = useTranslation();
  const [tone, icon] = STATES[state];
  return (
    <span className={`state state-${tone}`} data-testid="request-state" data-state={state}>
      {icon}
      {t(`access.state.${state}`)}
    </span>
  );
}

const KINDS: Record<RequestKind, React.ReactNode> = {
  records: <KeyOutlined aria-hidden="true" />,
  break_glass: <AlertFilled aria-hidden="true" />,
  mandate: <FileProtectOutlined aria-hidden="true" />,
};

export function KindMark({ kind }: { kind: RequestKind }) {
  const { t } = useTranslation();
  return (
    <span className={`kind kind-${kind}`}>
      {KINDS[kind]}
      {t(`access.kind.${kind}`)}
    </span>
  );
}

/** 录音播放、转写; in one order, however they were asked for. */
export function FieldNames({ fields }: { fields: readonly GrantField[] }) {
  const { t, i18n } = useTranslation();
  const ordered = GRANT_FIELDS.filter((field) => fields.includes(field));
  return (
    <>
      {writeList(
        ordered.map((field) => t(`access.field.${field}`)),
        i18n.language,
      )}
    </>
  );
}
