import { ClockCircleOutlined, HourglassOutlined } from '@ant-design/icons';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { useServerNow, writeLeft } from './server-time.ts';

const SOON_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

interface Count {
  endsAt: string;
  aheadMs: number;
  /** Once, when it is over while somebody looks. */
  onEnd?: () => void;
}

/** How long a grant still runs: amber and another sign in its last ten minutes, then "ended". */
export function Countdown({ endsAt, aheadMs, onEnd }: Count) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const now = useServerNow(aheadMs);
  const leftMs = Date.parse(endsAt) - now;
  const ended = leftMs <= 0;
  const told = useRef(ended);
  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    onEnd?.();
  }, [ended, onEnd]);
  const state = ended ? 'over' : leftMs <= SOON_MS ? 'soon' : 'running';
  const days = Math.floor(leftMs / DAY_MS);
  return (
    <span
      className={`countdown countdown-${state}`}
      role="timer"
      title={`${writeInstant(endsAt, timeZone)} ${timeZone}`}
      data-testid="countdown"
      data-state={state}
    >
      {state === 'running' ? (
        <ClockCircleOutlined aria-hidden="true" />
      ) : (
        <HourglassOutlined aria-hidden="true" />
      )}
      {ended ? (
        t('access.ended')
      ) : days > 1 ? (
        t('access.daysLeft', { n: days })
      ) : (
        <span className="num">{t('access.left', { left: writeLeft(leftMs) })}</span>
      )}
    </span>
  );
}
