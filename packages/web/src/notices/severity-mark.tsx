import { ClockCircleFilled, InfoCircleOutlined, WarningFilled } from '@ant-design/icons';
import type { NoticeSeverity } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

const SHAPES = {
  info: <InfoCircleOutlined />,
  action: <ClockCircleFilled />,
  alarm: <WarningFilled />,
} as const;

/** Told apart by shape and by word, not by colour alone. */
export function SeverityMark({ severity }: { severity: NoticeSeverity }) {
  const { t } = useTranslation();
  return (
    <span
      className={`notice-mark notice-${severity}`}
      role="img"
      aria-label={t(`noticeSeverity.${severity}`)}
      title={t(`noticeSeverity.${severity}`)}
    >
      {SHAPES[severity]}
    </span>
  );
}
