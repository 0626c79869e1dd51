import {
  CheckCircleFilled,
  ClockCircleFilled,
  InfoCircleOutlined,
  WarningFilled,
} from '@ant-design/icons';
import type { ReactNode } from 'react';

/** bad: against the rules, or soon to be; soon: somebody has to see to it; good; plain: only told. */
export type Tone = 'bad' | 'soon' | 'good' | 'plain';

const LOOKS: Record<Tone, { icon: ReactNode; state: string }> = {
  bad: { icon: <WarningFilled />, state: 'state-bad' },
  soon: { icon: <ClockCircleFilled />, state: 'state-held' },
  good: { icon: <CheckCircleFilled />, state: 'state-good' },
  plain: { icon: <InfoCircleOutlined />, state: 'state-gone' },
};

/** How something stands: by shape and word, and by colour besides. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { icon, state } = LOOKS[tone];
  return (
    <span className={`state ${state}`} data-tone={tone}>
      <span aria-hidden="true">{icon}</span>
      {children}
    </span>
  );
}
