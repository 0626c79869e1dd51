import { LoadingOutlined, MinusCircleOutlined } from '@ant-design/icons';
import type { DrillView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { HealthMark } from '../shell/health-mark.tsx';

/** How a drill ended, by colour, shape and word; or that it goes on. */
export function DrillOutcome({ drill: { outcome } }: { drill: DrillView }) {
  const { t } = useTranslation();
  if (outcome === undefined) {
    return (
      <span className="state state-moving">
        <LoadingOutlined aria-hidden="true" />
        {t('recovery.open')}
      </span>
    );
  }
  const text = t(`recovery.outcomes.${outcome}`);
  if (outcome === 'broken-off') {
    return (
      <span className="state state-gone">
        <MinusCircleOutlined aria-hidden="true" />
        {text}
      </span>
    );
  }
  return <HealthMark good={outcome === 'ok'} text={text} />;
}
