import {
  CheckCircleOutlined,
  CloseCircleOutlined,
  InfoCircleOutlined,
  QuestionCircleOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import type { AuditCheckView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

const LOOKS = {
  passed: { icon: <CheckCircleOutlined aria-hidden="true" />, state: 'good' },
  noted: { icon: <InfoCircleOutlined aria-hidden="true" />, state: 'good' },
  failed: { icon: <CloseCircleOutlined aria-hidden="true" />, state: 'bad' },
  'not-run': { icon: <QuestionCircleOutlined aria-hidden="true" />, state: 'bad' },
} as const;

/** How a check, or a whole audit, ended: by shape and word, and by colour besides. */
export function AuditOutcome({ outcome }: { outcome: AuditCheckView['outcome'] }) {
  const { t } = useTranslation();
  if (outcome === undefined) {
    return (
      <span className="audit-outcome muted">
        <SyncOutlined aria-hidden="true" /> {t('audits.running')}
      </span>
    );
  }
  const { icon, state } = LOOKS[outcome];
  return (
    <span className={`audit-outcome state-${state}`} data-outcome={outcome}>
      {icon} {t(`auditOutcome.${outcome}`)}
    </span>
  );
}
